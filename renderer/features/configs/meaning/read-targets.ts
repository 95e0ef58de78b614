// The targets of `studio.yaml` that have GPUs, as far as estimates and rules care. Pure; broken files give what can be read.
import { findGpuType, type GpuType } from '../../../../core/lib/config/derived/gpus.ts';
import { parseConfig } from '../../../../core/lib/config/document.ts';
import { nodeAt } from '../../../../core/lib/config/lookup.ts';
import type { ConfigNode, ScalarValue } from '../../../../core/lib/config/types.ts';

export interface GpuTarget {
  readonly name: string;
  readonly nodes: number;
  readonly gpusPerNode: number;
  /** Null when the file names none, or one that is not in the table. */
  readonly gpu: GpuType | null;
  readonly walltimeHours: number | null;
}

export function readTargets(text: string): readonly GpuTarget[] {
  const list = nodeAt(parseConfig(text).root, ['targets']);
  return list?.kind === 'list' ? list.items.flatMap(readTarget) : [];
}

function readTarget(node: ConfigNode): readonly GpuTarget[] {
  const name = valueAt(node, 'name');
  const gpusPerNode = valueAt(node, 'gpusPerNode');
  const nodes = valueAt(node, 'nodes') ?? 1;
  if (typeof name !== 'string' || !isCount(gpusPerNode) || !isCount(nodes)) return [];
  const gpu = valueAt(node, 'gpu');
  const walltime = valueAt(node, 'walltime');
  return [
    {
      name,
      nodes,
      gpusPerNode,
      gpu: typeof gpu === 'string' ? findGpuType(gpu) : null,
      walltimeHours: typeof walltime === 'string' ? walltimeHours(walltime) : null,
    },
  ];
}

function valueAt(node: ConfigNode, key: string): ScalarValue | undefined {
  const found = nodeAt(node, [key]);
  return found?.kind === 'scalar' ? found.value : undefined;
}

function isCount(value: ScalarValue | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}

/** Slurm's forms: `minutes`, `minutes:seconds`, `hours:minutes:seconds`, `days-hours[:minutes[:seconds]]`. Null for others. */
export function walltimeHours(text: string): number | null {
  const match = /^(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?$/.exec(text.trim());
  if (match === null) return null;
  const [days, first, second, third] = match
    .slice(1)
    .map((part) => (part === undefined ? null : Number(part)));
  if (first === null || first === undefined) return null;
  if (days !== null && days !== undefined)
    return days * 24 + first + (second ?? 0) / 60 + (third ?? 0) / 3600;
  if (third !== null && third !== undefined) return first + (second ?? 0) / 60 + third / 3600;
  return first / 60 + (second ?? 0) / 3600;
}
