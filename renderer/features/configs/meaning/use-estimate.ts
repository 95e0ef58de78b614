// What the estimates assume: GPU type, number of GPUs, utilisation and FLOPs convention, all remembered.
// Knows settings and the workspace's memory; the arithmetic is in core/lib/config/derived.
import { useMemo } from 'react';
import type { DeriveOptions } from '../../../../core/lib/config/derived/derived-types.ts';
import type { FlopsConvention } from '../../../../core/lib/config/derived/flops.ts';
import { DEFAULT_GPU_ID, findGpuType, type GpuType } from '../../../../core/lib/config/derived/gpus.ts';
import { useSettings } from '../../../app/session.ts';
import { useViewState } from '../../../app/view-state.ts';

const LARGEST_CLUSTER = 100_000;

function parseGpus(stored: unknown): number | undefined {
  return typeof stored === 'number' && Number.isInteger(stored) && stored > 0 && stored <= LARGEST_CLUSTER
    ? stored
    : undefined;
}

function parseConvention(stored: unknown): FlopsConvention | undefined {
  return stored === 'nanotron' || stored === 'causal-half' || stored === 'six-n' ? stored : undefined;
}

export interface Estimate {
  readonly gpu: GpuType;
  /** Null: as many as the config's parallelism needs. */
  readonly gpus: number | null;
  readonly mfuPercent: number;
  readonly convention: FlopsConvention;
  readonly options: DeriveOptions;
  setGpu(id: string): void;
  setGpus(gpus: number | null): void;
  setMfuPercent(percent: number): void;
  setConvention(convention: FlopsConvention): void;
}

export function useEstimate(): Estimate {
  const { settings, write } = useSettings();
  const [storedGpus, setStoredGpus] = useViewState('configs.gpus', parseGpus, 0);
  const [convention, setConvention] = useViewState<FlopsConvention>(
    'configs.flopsConvention',
    parseConvention,
    'nanotron',
  );
  const gpu = findGpuType(settings.gpuType) ?? findGpuType(DEFAULT_GPU_ID);
  if (gpu === null) throw new Error('The default GPU is missing from the table of GPU types');
  const gpus = storedGpus === 0 ? null : storedGpus;
  const { mfuPercent } = settings;
  const options = useMemo<DeriveOptions>(
    () => ({
      gpu: gpu.id,
      modelFlopsUtilization: mfuPercent / 100,
      ...(gpus === null ? {} : { gpus }),
    }),
    [gpu.id, mfuPercent, gpus],
  );
  return {
    gpu,
    gpus,
    mfuPercent,
    convention,
    options,
    setGpu: (id) => void write({ gpuType: id }),
    setGpus: (next) => setStoredGpus(next ?? 0),
    setMfuPercent: (percent) => void write({ mfuPercent: Math.min(100, Math.max(1, percent)) }),
    setConvention,
  };
}
