// What the estimates assume: target or GPU type and number, utilisation and FLOPs convention, all remembered.
// Knows settings, the workspace's memory and its targets; the arithmetic is in core/lib/config/derived.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { DeriveOptions } from '../../../../core/lib/config/derived/derived-types.ts';
import type { FlopsConvention } from '../../../../core/lib/config/derived/flops.ts';
import { DEFAULT_GPU_ID, findGpuType, type GpuType } from '../../../../core/lib/config/derived/gpus.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient, useSettings } from '../../../app/session.ts';
import { useViewState } from '../../../app/view-state.ts';
import { type GpuTarget, readTargets } from './read-targets.ts';

const LARGEST_CLUSTER = 100_000;
const noTargets: readonly GpuTarget[] = [];

function parseGpus(stored: unknown): number | undefined {
  return typeof stored === 'number' && Number.isInteger(stored) && stored > 0 && stored <= LARGEST_CLUSTER
    ? stored
    : undefined;
}

function parseConvention(stored: unknown): FlopsConvention | undefined {
  return stored === 'nanotron' || stored === 'causal-half' || stored === 'six-n' ? stored : undefined;
}

function parseName(stored: unknown): string | undefined {
  return typeof stored === 'string' ? stored : undefined;
}

export interface Estimate {
  readonly targets: readonly GpuTarget[];
  /** Null: none is chosen, and GPU type and number are set by hand. */
  readonly target: GpuTarget | null;
  readonly gpu: GpuType;
  /** Null: as many as the target has, else as the config's parallelism needs. */
  readonly gpus: number | null;
  readonly mfuPercent: number;
  readonly convention: FlopsConvention;
  readonly options: DeriveOptions;
  setTarget(name: string | null): void;
  setGpu(id: string): void;
  setGpus(gpus: number | null): void;
  setMfuPercent(percent: number): void;
  setConvention(convention: FlopsConvention): void;
}

function useTargets(): readonly GpuTarget[] {
  const client = useClient();
  const { data } = useQuery({
    queryKey: [...queryKeys.config('studio.yaml'), 'targets'],
    queryFn: async ({ signal }) => (await client.configs.read({ path: 'studio.yaml' }, { signal })).text,
  });
  return useMemo(() => (data === undefined ? noTargets : readTargets(data)), [data]);
}

export function useEstimate(): Estimate {
  const { settings, write } = useSettings();
  const targets = useTargets();
  const [storedGpus, setStoredGpus] = useViewState('configs.gpus', parseGpus, 0);
  const [targetName, setTargetName] = useViewState('configs.target', parseName, '');
  const [convention, setConvention] = useViewState<FlopsConvention>(
    'configs.flopsConvention',
    parseConvention,
    'nanotron',
  );
  const target = targets.find(({ name }) => name === targetName) ?? null;
  const gpu = target?.gpu ?? findGpuType(settings.gpuType) ?? findGpuType(DEFAULT_GPU_ID);
  if (gpu === null) throw new Error('The default GPU is missing from the table of GPU types');
  const gpus = storedGpus === 0 ? null : storedGpus;
  const { mfuPercent } = settings;
  const options = useMemo<DeriveOptions>(
    () => ({
      gpu: gpu.id,
      modelFlopsUtilization: mfuPercent / 100,
      ...(gpus === null ? {} : { gpus }),
      ...(target === null ? {} : { gpusPerNode: target.gpusPerNode }),
      ...(target === null || gpus !== null ? {} : { nodes: target.nodes }),
      ...(target === null || target.walltimeHours === null ? {} : { walltimeHours: target.walltimeHours }),
    }),
    [gpu.id, mfuPercent, gpus, target],
  );
  return {
    targets,
    target,
    gpu,
    gpus,
    mfuPercent,
    convention,
    options,
    setTarget: (name) => {
      setTargetName(name ?? '');
      setStoredGpus(0);
    },
    setGpu: (id) => void write({ gpuType: id }),
    setGpus: (next) => setStoredGpus(next ?? 0),
    setMfuPercent: (percent) => void write({ mfuPercent: Math.min(100, Math.max(1, percent)) }),
    setConvention,
  };
}
