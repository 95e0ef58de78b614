// Contract of scoring: heads of the workspace, and documents through an embedder and some of them into a new file.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { embedderChoice, embedProgress } from './embedders.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

export const headSummary = z.object({
  path: workspacePath,
  /** What its column is called after `score_`, unless a person says otherwise. */
  name: z.string(),
  sizeBytes: z.number(),
  /** Values a document that it takes: the width of its embedder. */
  inputs: z.number(),
  hidden: z.number(),
  /** What it was trained over, where the file says so. */
  embedder: z.string().nullable(),
  modifiedMs: z.number(),
});
export type HeadSummary = z.infer<typeof headSummary>;

export const scoredFile = z.object({
  output: workspacePath,
  cardPath: workspacePath,
  documents: z.number(),
  /** Documents with a text. */
  scoredDocuments: z.number(),
  columns: z.array(
    z.object({
      column: z.string(),
      head: z.string(),
      sha256: z.string(),
      mean: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
    }),
  ),
  embedder: z.object({ id: z.string(), variant: z.string() }),
  textColumn: z.string(),
  sizeBytes: z.number(),
  durationMs: z.number(),
  documentsPerMinute: z.number(),
  warnings: z.array(z.string()),
});

export const scoreEvent = z.discriminatedUnion('kind', [
  embedProgress,
  scoredFile.extend({ kind: z.literal('done') }),
]);
export type ScoreEvent = z.infer<typeof scoreEvent>;

export const scoringContract = {
  /** Files of the workspace that are regression heads, newest first. */
  heads: procedure.output(z.array(headSummary)),
  /** Streams progress, then what was written. Stopping reads nothing twice: what was embedded with a model is kept. */
  score: procedure
    .input(
      z.object({
        path: workspacePath,
        heads: z
          .array(z.object({ name: z.string().min(1).max(200), path: workspacePath }))
          .min(1)
          .max(100),
        embedder: embedderChoice,
        textColumn: z.string().max(500).nullable(),
        output: workspacePath,
        overwrite: z.boolean(),
      }),
    )
    .output(eventIterator(scoreEvent)),
};
