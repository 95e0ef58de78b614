// What is known about a run from its config, its resources and its tokenizer: the constants that curves are turned into
// other numbers with. Every field may be null; `reasons` then says why.
import { z } from 'zod';

export const rateSchedule = z.discriminatedUnion('kind', [
  /** Nanotron's lr_scheduler_builder; complete, defaults filled in. */
  z.object({
    kind: z.literal('nanotron'),
    peak: z.number(),
    warmupSteps: z.number(),
    warmupStyle: z.enum(['linear', 'constant']),
    decayStyle: z.enum(['linear', 'cosine', '1-sqrt']),
    decayStart: z.number(),
    decaySteps: z.number(),
    minimum: z.number(),
    trainSteps: z.number(),
  }),
  /** transformers' get_scheduler. `warmup` below 1 is a share of the steps; `trainSteps` null waits for the log to tell. */
  z.object({
    kind: z.literal('hugging-face'),
    name: z.string(),
    peak: z.number(),
    warmup: z.number(),
    trainSteps: z.number().nullable(),
    options: z.record(z.string(), z.union([z.number(), z.string()])),
  }),
]);
export type RateSchedule = z.infer<typeof rateSchedule>;

export const runFacts = z.object({
  /** Which tool's config it was launched with; null without one, or with one that is not recognised. */
  tool: z.enum(['nanotron', 'trl-sft', 'trl-dpo', 'axolotl-sft']).nullable(),
  parameters: z.number().nullable(),
  sequencesPerStep: z.number().nullable(),
  tokensPerStep: z.number().nullable(),
  /** Sequences may be shorter than the limit: tokens are at most so many. */
  tokensPerStepIsCeiling: z.boolean(),
  /** Of one trained token, by convention (core/lib/config/derived/flops.ts). */
  flopsPerToken: z
    .object({ nanotron: z.number(), 'causal-half': z.number(), 'six-n': z.number() })
    .nullable(),
  gpus: z.number().nullable(),
  /** `source` says who named it: the job's resources, or the settings of the studio. */
  gpu: z.object({ name: z.string(), peakFlops: z.number(), source: z.string() }).nullable(),
  trainSteps: z.number().nullable(),
  schedule: rateSchedule.nullable(),
  /** First to last; Nanotron trains on the last one that has begun. */
  stages: z.array(z.object({ name: z.string(), startStep: z.number() })),
  checkpointInterval: z.number().nullable(),
  /** As the config has it; the folder that checkpoints are looked for in. */
  checkpointFolder: z.string().nullable(),
  checkpointSizeBytes: z.number().nullable(),
  tokenizer: z.string().nullable(),
  /** Of UTF-8 text; `source` names where the figure is from. */
  bytesPerToken: z.object({ value: z.number(), source: z.string() }).nullable(),
  /** Time limit of the job. */
  limitSeconds: z.number().nullable(),
  reasons: z.record(z.string(), z.string()),
});
export type RunFacts = z.infer<typeof runFacts>;

/** Null where it is unknown; what it was computed from is beside it. */
export const runNumbers = z.object({
  step: z.number().nullable(),
  trainSteps: z.number().nullable(),
  loss: z.object({ tag: z.string(), value: z.number().or(z.nan()) }).nullable(),
  bitsPerByte: z.object({ value: z.number(), bytesPerToken: z.number(), source: z.string() }).nullable(),
  /** `source` is `logged` or `step × tokens per step`. */
  tokens: z.object({ value: z.number(), total: z.number().nullable(), source: z.string() }).nullable(),
  /** Passes over the data, where the trainer says so. */
  epochs: z.number().nullable(),
  sequencesPerStep: z.number().nullable(),
  tokensPerStep: z.number().nullable(),
  tokensPerStepIsCeiling: z.boolean(),
  /** Medians over the newest points. */
  speed: z
    .object({
      tokensPerSecond: z.number().nullable(),
      tokensPerSecondPerGpu: z.number().nullable(),
      secondsPerStep: z.number().nullable(),
      points: z.number(),
      source: z.string(),
    })
    .nullable(),
  /** Model FLOPs utilisation, 0 to 1, with what it is of. */
  mfu: z
    .object({
      value: z.number(),
      convention: z.string(),
      flopsPerToken: z.number().nullable(),
      gpu: z.string(),
      peakFlops: z.number(),
      gpuSource: z.string(),
      others: z.array(z.object({ convention: z.string(), value: z.number() })),
    })
    .nullable(),
  /** Pauses are left out of the rate; the range is that of its middle half. */
  timeLeft: z
    .object({
      seconds: z.number(),
      fromSeconds: z.number(),
      toSeconds: z.number(),
      finishMs: z.number(),
      points: z.number(),
    })
    .nullable(),
  learningRate: z
    .object({ logged: z.number().nullable(), expected: z.number().nullable(), step: z.number() })
    .nullable(),
  /** Of the data, the one trained on at `step`. */
  stage: z
    .object({ name: z.string(), startStep: z.number(), index: z.number(), count: z.number() })
    .nullable(),
  reasons: z.record(z.string(), z.string()),
});
export type RunNumbers = z.infer<typeof runNumbers>;
