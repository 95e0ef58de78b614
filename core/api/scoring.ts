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
  /** Columns that were added with what only the names of folders and files said: language, what FineWeb-2 kept. */
  folderColumns: z.array(z.string()),
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

/** Documents that are scored at once to be looked at; a large model takes seconds for one. */
export const MAX_PREVIEW_DOCUMENTS = 50;

export const scoringPreview = z.object({
  heads: z.array(z.string()),
  rows: z.array(
    z.object({
      row: z.number(),
      /** The beginning. */
      text: z.string(),
      /** In the order of `heads`; null without a text. */
      scores: z.array(z.number().nullable()),
    }),
  ),
  totalRows: z.number(),
  embedder: z.object({ id: z.string(), variant: z.string() }),
  textColumn: z.string(),
  warnings: z.array(z.string()),
});
export type ScoringPreview = z.infer<typeof scoringPreview>;

const namedHeads = z
  .array(z.object({ name: z.string().min(1).max(200), path: workspacePath }))
  .min(1)
  .max(100);

export const scoringContract = {
  /** Files of the workspace that are regression heads, newest first. */
  heads: procedure.output(z.array(headSummary)),
  /** A few documents from a row on, into no file: the same scores as `score` writes. */
  preview: procedure
    .input(
      z.object({
        path: workspacePath,
        heads: namedHeads,
        embedder: embedderChoice,
        textColumn: z.string().max(500).nullable(),
        firstRow: z.number().int().min(0),
        rows: z.number().int().min(1).max(MAX_PREVIEW_DOCUMENTS),
      }),
    )
    .output(scoringPreview),
  /** Streams progress, then what was written. Stopping reads nothing twice: what was embedded with a model is kept. */
  score: procedure
    .input(
      z.object({
        path: workspacePath,
        heads: namedHeads,
        embedder: embedderChoice,
        textColumn: z.string().max(500).nullable(),
        output: workspacePath,
        overwrite: z.boolean(),
      }),
    )
    .output(eventIterator(scoreEvent)),
};
