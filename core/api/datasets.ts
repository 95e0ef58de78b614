// Contract of the dataset viewer: columns, pages by row number, one whole document, histograms.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

export const datasetFormat = z.enum(['parquet', 'jsonl', 'jsonl.gz', 'jsonl.zst']);

export const datasetColumn = z.object({
  name: z.string(),
  /** The type as DuckDB names it. */
  type: z.string(),
  numeric: z.boolean(),
});
export type DatasetColumn = z.infer<typeof datasetColumn>;

export const brokenLine = z.object({ line: z.number(), reason: z.string(), excerpt: z.string() });

export const datasetInfo = z.object({
  path: workspacePath,
  format: datasetFormat,
  sizeBytes: z.number(),
  rows: z.number(),
  columns: z.array(datasetColumn),
  /** The column that holds the document, if one is recognised. */
  textColumn: z.string().nullable(),
  /** Lines that are not JSON objects: counted, skipped, the first few shown. */
  brokenLines: z.object({ count: z.number(), first: z.array(brokenLine) }),
});
export type DatasetInfo = z.infer<typeof datasetInfo>;

export const datasetSummary = z.object({ path: workspacePath, format: datasetFormat, sizeBytes: z.number() });
export type DatasetSummary = z.infer<typeof datasetSummary>;

export const openEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('progress'),
    doneBytes: z.number(),
    totalBytes: z.number(),
    rows: z.number(),
  }),
  z.object({ kind: z.literal('ready'), dataset: datasetInfo }),
]);
export type OpenEvent = z.infer<typeof openEvent>;

/** A cell as shown in the grid: text is cut at 2 kB (`truncated`), nested values are JSON text. */
export const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.infer<typeof cell>;

export const datasetPage = z.object({
  firstRow: z.number(),
  columns: z.array(z.string()),
  rows: z.array(z.array(cell)),
});
export type DatasetPage = z.infer<typeof datasetPage>;

export const datasetDocument = z.object({
  row: z.number(),
  /** Every column; the text whole up to `limitBytes`. */
  fields: z.array(z.object({ name: z.string(), type: z.string(), value: cell, truncated: z.boolean() })),
});
export type DatasetDocument = z.infer<typeof datasetDocument>;

/** `edges` has one more element than `counts`; intervals are left-closed, the last one closed on both sides. */
export const datasetHistogram = z.object({
  column: z.string(),
  rows: z.number(),
  nulls: z.number(),
  edges: z.array(z.number()),
  counts: z.array(z.number()),
});
export type DatasetHistogram = z.infer<typeof datasetHistogram>;

export const datasetsContract = {
  list: procedure.output(z.array(datasetSummary)),
  /** Streams progress while a text format is indexed once, then the dataset. */
  open: procedure.input(z.object({ path: workspacePath })).output(eventIterator(openEvent)),
  page: procedure
    .input(
      z.object({
        path: workspacePath,
        firstRow: z.number().int().min(0),
        limit: z.number().int().min(1).max(1000),
        columns: z.array(z.string()).max(500),
      }),
    )
    .output(datasetPage),
  document: procedure
    .input(z.object({ path: workspacePath, row: z.number().int().min(0) }))
    .output(datasetDocument),
  histogram: procedure
    .input(z.object({ path: workspacePath, column: z.string(), bins: z.number().int().min(1).max(1000) }))
    .output(datasetHistogram),
};
