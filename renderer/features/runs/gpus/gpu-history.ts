// What the GPUs of a run did while somebody looked: the last readings of each card, by node. Pure.
import type { GpuState } from '../../../../core/api/gpus.ts';

type Gpu = GpuState['nodes'][number]['gpus'][number];

/** Twenty minutes of a computer of one's own, two hours of a cluster. */
const KEPT_READINGS = 240;

export type Figure = 'utilization' | 'memory' | 'power' | 'temperature';

export interface GpuHistory {
  /** By `historyKey`, oldest first; null where a card does not tell. */
  readonly readings: ReadonlyMap<string, readonly Gpu[]>;
  readonly askedMs: number;
}

export const noHistory: GpuHistory = { readings: new Map(), askedMs: 0 };

export function historyKey(node: string, gpu: Gpu): string {
  return `${node} ${gpu.index} ${gpu.uuid}`;
}

/** Adds a state's readings; one that was seen already adds nothing. */
export function withState(history: GpuHistory, state: GpuState): GpuHistory {
  if (state.askedMs <= history.askedMs || state.problem !== null) return history;
  const readings = new Map(history.readings);
  for (const { node, gpus } of state.nodes) {
    for (const gpu of gpus) {
      const key = historyKey(node, gpu);
      readings.set(key, [...(readings.get(key) ?? []), gpu].slice(-KEPT_READINGS));
    }
  }
  return { readings, askedMs: state.askedMs };
}

export function valueOf(gpu: Gpu, figure: Figure): number | null {
  switch (figure) {
    case 'utilization':
      return gpu.utilizationPercent;
    case 'memory':
      return gpu.memoryUsedMib;
    case 'power':
      return gpu.powerWatts;
    case 'temperature':
      return gpu.temperatureCelsius;
  }
}

/** Where the axis ends: what the card can do, else what it did. */
export function topOf(readings: readonly Gpu[], figure: Figure): number {
  const newest = readings.at(-1);
  const limit =
    figure === 'utilization'
      ? 100
      : figure === 'memory'
        ? newest?.memoryTotalMib
        : figure === 'power'
          ? newest?.powerLimitWatts
          : 100;
  const seen = readings.map((gpu) => valueOf(gpu, figure) ?? 0);
  return Math.max(1, limit ?? 0, ...seen);
}

/** Points of a line in a box of the given size, newest at the right; a gap where nothing was told. */
export function sparkPath(
  values: readonly (number | null)[],
  top: number,
  box: { readonly width: number; readonly height: number },
): string {
  const step = values.length > 1 ? box.width / (values.length - 1) : 0;
  let isOpen = false;
  let path = '';
  for (const [index, value] of values.entries()) {
    if (value === null) {
      isOpen = false;
      continue;
    }
    const x = values.length > 1 ? index * step : box.width;
    const y = box.height - (Math.min(top, Math.max(0, value)) / top) * box.height;
    path += `${isOpen ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    isOpen = true;
  }
  return path;
}
