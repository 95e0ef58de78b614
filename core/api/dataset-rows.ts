// What is shown of the rows of a dataset: cells, pages, whole documents, counts, and how far a view or an export is.
import { z } from 'zod';
import { workspacePath } from './workspace.ts';

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

/** The text of a row of a tokenized file with the place of each token. */
export const rowTokens = z.object({
  text: z.string(),
  tokens: z.number(),
  /** Of the whole document: more than `tokens` when it was cut. */
  allTokens: z.number(),
  /** False when the text gives other ids again: places are then only near. */
  exact: z.boolean(),
  /** Columns as core/rpc/token-columns.ts packs them. */
  data: z.instanceof(Blob),
});
export type RowTokens = z.infer<typeof rowTokens>;

/** `edges` has one more element than `counts`; intervals are left-closed, the last one closed on both sides. */
export const datasetHistogram = z.object({
  column: z.string(),
  rows: z.number(),
  nulls: z.number(),
  edges: z.array(z.number()),
  counts: z.array(z.number()),
});
export type DatasetHistogram = z.infer<typeof datasetHistogram>;

export const exportFormat = z.enum(['parquet', 'jsonl.zst', 'ids']);
export type ExportFormat = z.infer<typeof exportFormat>;

const viewProgress = z.object({ kind: z.literal('progress'), doneRows: z.number(), totalRows: z.number() });

export const openViewEvent = z.discriminatedUnion('kind', [
  viewProgress,
  /** `rows` are the matching ones. */
  z.object({ kind: z.literal('ready'), viewId: z.string(), rows: z.number() }),
]);
export type OpenViewEvent = z.infer<typeof openViewEvent>;

/** Rows of a view by their place in it, each with its row number in the file. */
export const viewPage = z.object({
  first: z.number(),
  columns: z.array(z.string()),
  rowNumbers: z.array(z.number()),
  rows: z.array(z.array(cell)),
});
export type ViewPage = z.infer<typeof viewPage>;

/** Where a row of the file stands in a view, and the rows before and after it; null where there is none. */
export const viewPlace = z.object({
  position: z.number().nullable(),
  previousRow: z.number().nullable(),
  nextRow: z.number().nullable(),
});
export type ViewPlace = z.infer<typeof viewPlace>;

/** The most frequent values first. `distinct` counts all that were searched for, `nulls` the rows without one, `rows` all rows. */
export const columnValues = z.object({
  values: z.array(z.object({ value: cell, rows: z.number(), truncated: z.boolean() })),
  distinct: z.number(),
  nulls: z.number(),
  rows: z.number(),
});
export type ColumnValues = z.infer<typeof columnValues>;

export const exportViewEvent = z.discriminatedUnion('kind', [
  viewProgress,
  z.object({
    kind: z.literal('done'),
    output: workspacePath,
    recipePath: workspacePath,
    rows: z.number(),
    sizeBytes: z.number(),
    /** The column an id list was written from; null: row numbers. Absent for whole rows. */
    idColumn: z.string().nullable().optional(),
    /** Columns that were added with what only the names of folders and files said: language, what FineWeb-2 kept. */
    folderColumns: z.array(z.string()).readonly(),
  }),
]);
export type ExportViewEvent = z.infer<typeof exportViewEvent>;

/** `at` is an offset into the text, UTF-16; `columnOrder` the order where it is by one column alone. */
export const checkedSql = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ok'),
    columnOrder: z.object({ column: z.string(), descending: z.boolean() }).nullable(),
  }),
  z.object({
    kind: z.literal('problem'),
    problem: z.object({ message: z.string(), at: z.number().nullable() }),
  }),
]);
export type CheckedSql = z.infer<typeof checkedSql>;

/** The first rows of a dataset that is still being indexed; cells are cut. `file`: of several files, the one they are from. */
export const datasetHead = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(cell)),
  file: z.string().optional(),
});
export type DatasetHead = z.infer<typeof datasetHead>;
