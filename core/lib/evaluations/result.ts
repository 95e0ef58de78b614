// One number of one benchmark, whoever measured it: what was asked, how, and how sure the number is.
// Knows no files; readers of each harness fill it in.
import { z } from 'zod';

/** `none`: not used. `unknown`: the source does not say. Anything else: its hash, or the name it was given. */
const setting = z.string().min(1);

export const evaluationResult = z.object({
  task: z.string().min(1),
  /** True for a mean over tasks that the harness made itself. */
  isGroup: z.boolean(),
  /** The groups that it has a part in, the nearest first; left out where the source does not say. */
  groups: z.array(z.string()).readonly().optional(),
  version: z.string().nullable(),
  /** Examples before each question. */
  shots: z.number().nullable(),
  /** How the answer was cut out of what the model wrote; `none` for likelihoods. */
  filter: z.string(),
  metric: z.string().min(1),
  value: z.number(),
  standardError: z.number().nullable(),
  /** Questions that were asked. */
  samples: z.number().nullable(),
  /** Questions of the whole test set. */
  available: z.number().nullable(),
  higherIsBetter: z.boolean().nullable(),
  harness: z.enum(['lm-eval', 'lm-eval-pt', 'lighteval', 'nesso', 'unknown']),
  harnessVersion: z.string().nullable(),
  chatTemplate: setting,
  systemPrompt: setting,
  /** Questions, or below 1 a share of them. */
  limit: z.union([z.number(), z.literal('none'), z.literal('unknown')]),
  /** Of the task's prompts and data, where the harness wrote it. */
  taskHash: z.string().nullable(),
  /** As the source names it. */
  model: z.string(),
  /** Unix time. */
  measuredMs: z.number().nullable(),
  /** File name and hash of the text it was read from. */
  source: z.object({ path: z.string(), sha256: z.string().nullable() }),
});
export type EvaluationResult = z.infer<typeof evaluationResult>;

/** What could not be read, beside what could. */
export const readingProblem = z.object({
  path: z.string(),
  /** `results.arc_it`, `line 12`; empty for the whole file. */
  where: z.string(),
  text: z.string(),
});
export type ReadingProblem = z.infer<typeof readingProblem>;

/** What the studio's own results say of the file that was measured; null where nothing is said. */
export interface MeasuredFile {
  /** In the workspace. */
  readonly modelPath: string | null;
  readonly weightsSha256: string | null;
  readonly type: string | null;
}

export interface ReadResults {
  readonly results: readonly EvaluationResult[];
  readonly problems: readonly ReadingProblem[];
  readonly measured?: MeasuredFile;
}

export interface ResultSource {
  readonly path: string;
  readonly sha256: string | null;
}
