// Contract of one checkpoint's life on this computer: what was pulled of it, the models made of it, whether they were verified.
// The same shape is its file, checkpoints/<run>/<step>/checkpoint.json.
import { z } from 'zod';

/** One file of the pulled weights. */
export const pulledFile = z.object({
  /** Below the folder of the weights, forward slashes. */
  path: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  /** Of the bytes that are here. */
  sha256: z.string().nullable(),
  /** Size, times and inode where it lies; unlike after it was written again. */
  stamp: z.string(),
});

export const pulledWeights = z.object({
  atMs: z.number(),
  /** `copy`: in `weights/` here. `reference`: read where the run saved them, on this computer. */
  mode: z.enum(['copy', 'reference']),
  sizeBytes: z.number(),
  files: z.array(pulledFile),
  /** `far`: both sides have the same SHA-256. `here`: the far side has no program for it, so size and times only. */
  checked: z.enum(['far', 'here']),
  /** Of names and hashes of all files: the same weights have the same key. */
  key: z.string(),
});
export type PulledWeights = z.infer<typeof pulledWeights>;

/** What a parity report said, without its lists. */
export const verification = z.object({
  atMs: z.number(),
  verdict: z.enum(['equal', 'lossy', 'different']),
  reasons: z.array(z.string()),
  /** Share of positions where both find the same token most likely. */
  top1: z.number().nullable(),
  /** Of log-probabilities, in nats. */
  largestGap: z.number().nullable(),
  /** Kullback-Leibler divergence from the source, in nats. */
  meanDivergence: z.number().nullable(),
});

export const checkpointModel = z.object({
  /** Beside checkpoint.json: `model-q8_0.gguf`. */
  file: z.string().regex(/^[^/\\]+\.gguf$/),
  /** As the conversion names it: `q8_0`. */
  type: z.string(),
  sizeBytes: z.number(),
  /** `key` of the weights it was made of. */
  weightsKey: z.string(),
  /** Over the weights as numbers, as the file itself says. */
  weightsSha256: z.string(),
  convertedMs: z.number(),
  warnings: z.array(z.string()),
  verified: verification.nullable(),
});
export type CheckpointModel = z.infer<typeof checkpointModel>;

export const checkpointLife = z.object({
  format: z.literal(1),
  runId: z.string(),
  runName: z.string(),
  step: z.number(),
  tokens: z.number().nullable(),
  source: z.object({
    /** Name of the target; `this-computer`. */
    target: z.string(),
    /** Absolute there; of a run inside the workspace, from the workspace. */
    path: z.string(),
    layout: z.enum(['nanotron', 'hugging-face']),
  }),
  pulled: pulledWeights.nullable(),
  models: z.array(checkpointModel),
  /** A person wants to keep it. */
  pinned: z.boolean().default(false),
  /** A rule made it, and may let it go. */
  byRule: z.boolean().default(false),
  lastUsedMs: z.number().nullable().default(null),
});
export type CheckpointLife = z.infer<typeof checkpointLife>;
