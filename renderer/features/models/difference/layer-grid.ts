// Tensors of a difference as a grid: parts of a layer down, layers across, and what lies outside of the layers.
import type { WeightDifference } from '../../../../core/api/conversion.ts';

export type MovedTensor = WeightDifference['tensors'][number];

/** What is shown of how far a tensor moved. */
export const measures = [
  { id: 'moved', title: 'Moved by', about: 'Norm of the difference by the norm in A' },
  { id: 'angle', title: 'Turned by', about: '1 − cosine of the angle between both' },
  { id: 'changed', title: 'Changed share', about: 'Share of the values that differ' },
  { id: 'largest', title: 'Largest step', about: 'Largest absolute difference of one value' },
] as const;
export type MeasureId = (typeof measures)[number]['id'];

/** NaN where the weights are no numbers; 0 norms give infinity only where something moved. */
export function measured(tensor: Omit<MovedTensor, 'name' | 'shape'>, measure: MeasureId): number {
  switch (measure) {
    case 'moved':
      return tensor.difference === 0 ? 0 : tensor.difference / tensor.normA;
    case 'angle':
      return tensor.cosine === null ? (tensor.difference === 0 ? 0 : 1) : 1 - tensor.cosine;
    case 'changed':
      return tensor.changed / tensor.values;
    case 'largest':
      return tensor.largest;
  }
}

export interface LayerGrid {
  readonly layers: readonly number[];
  readonly rows: readonly { readonly part: string; readonly cells: readonly (MovedTensor | null)[] }[];
  readonly outside: readonly MovedTensor[];
}

const LAYER = /(?:^|\.)(?:layers|blk|h|block)\.(\d+)\.(.+)$/;

export function layerGrid(tensors: readonly MovedTensor[]): LayerGrid {
  const outside: MovedTensor[] = [];
  const byPart = new Map<string, Map<number, MovedTensor>>();
  const layers = new Set<number>();
  for (const tensor of tensors) {
    const match = LAYER.exec(tensor.name);
    if (!match?.[1] || !match[2]) {
      outside.push(tensor);
      continue;
    }
    const layer = Number(match[1]);
    const part = match[2].replace(/\.weight$/, '').replace(/^(self_attn|mlp)\./, '');
    layers.add(layer);
    const own = byPart.get(part) ?? new Map<number, MovedTensor>();
    own.set(layer, tensor);
    byPart.set(part, own);
  }
  const order = [...layers].sort((a, b) => a - b);
  return {
    layers: order,
    rows: [...byPart].map(([part, own]) => ({ part, cells: order.map((layer) => own.get(layer) ?? null) })),
    outside,
  };
}

/** Where values lie between the least and the largest that moved, 0 to 1, by their logarithms; null for 0 and NaN. */
export function heatScale(values: readonly number[]): (value: number) => number | null {
  const moved = values.filter((value) => Number.isFinite(value) && value > 0);
  const least = Math.min(...moved);
  const largest = Math.max(...moved);
  return (value) => {
    if (!Number.isFinite(value) || value <= 0) return null;
    if (largest === least) return 1;
    return Math.log(value / least) / Math.log(largest / least);
  };
}
