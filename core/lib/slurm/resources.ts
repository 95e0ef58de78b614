// What a job asks Slurm for.
import { z } from 'zod';
import { slurmSeconds } from './durations.ts';

/** What a directive of sbatch can hold: no blanks, no quotes. */
const word = z.string().regex(/^[A-Za-z0-9_.:,%@=+/-]{1,200}$/, 'must be one word without quotes');

export const batchResources = z.object({
  partition: word.nullable().default(null),
  account: word.nullable().default(null),
  qos: word.nullable().default(null),
  nodes: z.number().int().min(1).max(10_000).default(1),
  tasksPerNode: z.number().int().min(1).max(1024).default(1),
  gpusPerNode: z.number().int().min(0).max(64).default(0),
  /** GPUs of this type only; null for any. */
  gpuType: word.nullable().default(null),
  cpusPerTask: z.number().int().min(1).max(4096).nullable().default(null),
  memoryPerNodeMb: z.number().int().min(1).nullable().default(null),
  /** As sbatch takes it: `1-00:00:00`. Null for the partition's default. */
  walltime: z
    .string()
    .refine((text) => slurmSeconds(text) !== null, 'must be a time such as 1-00:00:00')
    .nullable()
    .default(null),
  /** Ranges as sbatch takes them: `0-15%4`. Null for one job. */
  array: z
    .string()
    .regex(/^\d+(-\d+(:\d+)?)?(,\d+(-\d+(:\d+)?)?)*(%\d+)?$/, 'must be ranges such as 0-15%4')
    .nullable()
    .default(null),
  /** Whether Slurm may start it again after a node failure or preemption. */
  requeue: z.boolean().default(true),
});
export type BatchResources = z.infer<typeof batchResources>;
