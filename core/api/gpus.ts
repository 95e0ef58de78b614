// Contract of GPUs: what the cards of a running run do, asked for only while somebody looks, and as seldom as its site wants.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { runId } from './runs.ts';

const figure = z.number().nullable();

export const gpuReading = z.object({
  index: z.number(),
  name: z.string(),
  uuid: z.string(),
  /** 0 to 100. */
  utilizationPercent: figure,
  memoryUsedMib: figure,
  memoryTotalMib: figure,
  powerWatts: figure,
  powerLimitWatts: figure,
  temperatureCelsius: figure,
});

export const nodeReading = z.object({
  node: z.string(),
  gpus: z.array(gpuReading),
  /** Why there are none. */
  problem: z.string().nullable(),
});
export type NodeReading = z.infer<typeof nodeReading>;

/** Processes of a job, as its scheduler counts them. */
export const stepReading = z.object({
  step: z.string(),
  tasks: figure,
  averageCpuSeconds: figure,
  maxMemoryBytes: figure,
});

export const gpuState = z.object({
  /** 0 before the first answer. */
  askedMs: z.number(),
  /** Asked again then; null when not: the run is over. */
  nextMs: z.number().nullable(),
  /** Why there is no newer answer. */
  problem: z.string().nullable(),
  nodes: z.array(nodeReading),
  steps: z.array(stepReading),
});
export type GpuState = z.infer<typeof gpuState>;

export const gpusContract = {
  /** The newest reading now and after each question. Asking ends with the last reader. */
  watch: procedure.input(z.object({ id: runId })).output(eventIterator(gpuState)),
};
