// What a job asks Slurm for.
import { z } from 'zod';
import { slurmSeconds } from './durations.ts';

/** What a directive of sbatch can hold: no blanks, no quotes. */
const word = z.string().regex(/^[A-Za-z0-9_.:,%@=+/-]{1,200}$/, 'must be one word without quotes');

const fields = z.object({
  partition: word.nullable(),
  account: word.nullable(),
  qos: word.nullable(),
  nodes: z.number().int().min(1).max(10_000),
  tasksPerNode: z.number().int().min(1).max(1024),
  gpusPerNode: z.number().int().min(0).max(64),
  /** GPUs of this type only; null for any. */
  gpuType: word.nullable(),
  /** On a workstation: these GPUs, as CUDA_VISIBLE_DEVICES takes them. Null for any that are free. */
  gpuDevices: word.nullable(),
  cpusPerTask: z.number().int().min(1).max(4096).nullable(),
  memoryPerNodeMb: z.number().int().min(1).nullable(),
  /** As sbatch takes it: `1-00:00:00`. Null for the partition's default. */
  walltime: z
    .string()
    .refine((text) => slurmSeconds(text) !== null, 'must be a time such as 1-00:00:00')
    .nullable(),
  /** Ranges as sbatch takes them: `0-15%4`. Null for one job. */
  array: z
    .string()
    .regex(/^\d+(-\d+(:\d+)?)?(,\d+(-\d+(:\d+)?)?)*(%\d+)?$/, 'must be ranges such as 0-15%4')
    .nullable(),
  /** Whether Slurm may start it again after a node failure or preemption. */
  requeue: z.boolean(),
});
export type BatchResources = z.infer<typeof fields>;

/** What a launch or a recipe says; the rest is somebody else's to say. */
export const batchResourcesGiven = fields.partial();
export type ResourcesGiven = z.infer<typeof batchResourcesGiven>;

const defaults: BatchResources = {
  partition: null,
  account: null,
  qos: null,
  nodes: 1,
  tasksPerNode: 1,
  gpusPerNode: 0,
  gpuType: null,
  gpuDevices: null,
  cpusPerTask: null,
  memoryPerNodeMb: null,
  walltime: null,
  array: null,
  requeue: true,
};

/** Later ones come first; what nobody says is the default. */
export function wholeResources(...given: readonly ResourcesGiven[]): BatchResources {
  const said = given.flatMap((part) => Object.entries(part).filter(([, value]) => value !== undefined));
  return { ...defaults, ...(Object.fromEntries(said) as Partial<BatchResources>) };
}

export const batchResources = batchResourcesGiven.transform((given) => wholeResources(given));
