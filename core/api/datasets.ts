// Contract of the dataset viewer: columns, pages by row number, one whole document, histograms.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { columnPart, datasetView, MAX_SQL_CHARACTERS } from '../lib/datasets/view.ts';
import { profileEvent } from './dataset-profile.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

/** `mixed`: of several files, not all of one format. */
export const datasetFormat = z.enum([
  'parquet',
  'jsonl',
  'jsonl.gz',
  'jsonl.zst',
  'csv',
  'csv.gz',
  'csv.zst',
  'tsv',
  'tsv.gz',
  'tsv.zst',
  'arrow',
  'ds',
  'mixed',
]);

export const datasetColumn = z.object({
  name: z.string(),
  /** The type as DuckDB names it. */
  type: z.string(),
  numeric: z.boolean(),
  /** Of a field inside a nested column: where it lies, `[metadata, language]`. Absent for a column of its own. */
  path: z.array(z.string()).optional(),
});
export type DatasetColumn = z.infer<typeof datasetColumn>;

/** `file` is given when the dataset has several. */
export const brokenLine = z.object({
  line: z.number(),
  reason: z.string(),
  excerpt: z.string(),
  file: z.string().optional(),
});

/** One of the files of a dataset; `name` is its path below the folder that was opened. */
export const datasetFile = z.object({
  name: z.string(),
  format: datasetFormat,
  sizeBytes: z.number(),
  rows: z.number(),
  /** Number of its first row in the dataset. */
  firstRow: z.number(),
});
export type DatasetFile = z.infer<typeof datasetFile>;

export const columnRole = z.enum([
  'text',
  'id',
  'language',
  'script',
  'kept',
  'filter-reason',
  'tokens',
  'url',
  'dump',
  'score',
]);
export type ColumnRole = z.infer<typeof columnRole>;

export const tokenFiles = z.object({
  /** The tokenizer that the metadata name; null without metadata. */
  named: z.string().nullable(),
  /** The one that was found for it; `path` is below the workspace, or absolute when it lies elsewhere. */
  tokenizer: z.object({ path: z.string(), name: z.string(), vocabularySize: z.number() }).nullable(),
  tokens: z.number(),
  /** Null when files differ. */
  bytesPerToken: z.number().nullable(),
  /** A vocabulary must be larger. */
  largestId: z.number(),
  /** Sentences about what is missing or does not fit together. */
  findings: z.array(z.string()),
  moreFindings: z.number(),
});
export type TokenFiles = z.infer<typeof tokenFiles>;

export const datasetInfo = z.object({
  /** A file, a folder, or a glob. */
  path: workspacePath,
  kind: z.enum(['file', 'folder', 'glob']),
  format: datasetFormat,
  sizeBytes: z.number(),
  rows: z.number(),
  /** Fields of nested columns stand for the columns they lie in. */
  columns: z.array(datasetColumn),
  /** In the order of their rows. */
  files: z.array(datasetFile),
  /** The column that says from which file a row comes; null when there is one file only. */
  fileColumn: z.string().nullable(),
  /** Which published set it is, and the parts its columns play; see core/lib/datasets/recognise.ts. */
  recognised: z.object({
    set: z.string().nullable(),
    title: z.string().nullable(),
    language: z.string().nullable(),
    languageName: z.string().nullable(),
    roles: z.array(z.object({ role: columnRole, column: z.string() })),
    keptFrom: z.string().nullable(),
  }),
  /** What was done to make one dataset of the files, in sentences. */
  notes: z.array(z.string()),
  /** The column that holds the document, if one is recognised. */
  textColumn: z.string().nullable(),
  /** Lines that are not JSON objects: counted, skipped, the first few shown. */
  brokenLines: z.object({
    count: z.number(),
    first: z.array(brokenLine),
    /** There are more than `count`. */
    isCut: z.boolean().optional(),
  }),
  /** Of tokenized files (.ds); absent for others. */
  tokens: tokenFiles.optional(),
});
export type DatasetInfo = z.infer<typeof datasetInfo>;

export const datasetSummary = z.object({ path: workspacePath, format: datasetFormat, sizeBytes: z.number() });
export type DatasetSummary = z.infer<typeof datasetSummary>;

/** A folder that opens as one dataset; `files` and `sizeBytes` are of what lies below it. */
export const datasetFolder = z.object({ path: workspacePath, files: z.number(), sizeBytes: z.number() });
export type DatasetFolder = z.infer<typeof datasetFolder>;

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

const viewId = z.string().max(100);

/** Decodes the rows of tokenized files; absent: the one that their metadata name. */
const textTokenizer = workspacePath.optional();

export const datasetsContract = {
  list: procedure.output(z.array(datasetSummary)),
  /** Folders with several data files. */
  folders: procedure.output(z.array(datasetFolder)),
  /** Streams progress while a text format is indexed once, then the dataset. */
  /** `skipDamaged`: opens what can be read, from then on and until the studio ends, and says in the notes what cannot. */
  open: procedure
    .input(z.object({ path: workspacePath, skipDamaged: z.boolean().optional() }))
    .output(eventIterator(openEvent)),
  /** What stands at the beginning of a file, without waiting for it to be indexed; null where nothing needs to wait. */
  head: procedure.input(z.object({ path: workspacePath })).output(z.object({ head: datasetHead.nullable() })),
  page: procedure
    .input(
      z.object({
        path: workspacePath,
        firstRow: z.number().int().min(0),
        limit: z.number().int().min(1).max(1000),
        columns: z.array(z.string()).max(500),
        tokenizer: textTokenizer,
      }),
    )
    .output(datasetPage),
  document: procedure
    .input(z.object({ path: workspacePath, row: z.number().int().min(0), tokenizer: textTokenizer }))
    .output(datasetDocument),
  /** The tokens of a row of a tokenized file, as they are in the file. */
  rowTokens: procedure
    .input(z.object({ path: workspacePath, row: z.number().int().min(0), tokenizer: textTokenizer }))
    .output(rowTokens),
  histogram: procedure
    .input(z.object({ path: workspacePath, column: z.string(), bins: z.number().int().min(1).max(1000) }))
    .output(datasetHistogram),
  /** Finds the rows of a view once; its pages then stay quick at any place. The oldest of many views is found again on use. */
  openView: procedure
    .input(z.object({ path: workspacePath, view: datasetView, tokenizer: textTokenizer }))
    .output(eventIterator(openViewEvent)),
  viewPage: procedure
    .input(
      z.object({
        viewId,
        first: z.number().int().min(0),
        limit: z.number().int().min(1).max(1000),
        columns: z.array(z.string()).max(500),
        tokenizer: textTokenizer,
      }),
    )
    .output(viewPage),
  viewPlace: procedure.input(z.object({ viewId, row: z.number().int().min(0) })).output(viewPlace),
  viewHistogram: procedure
    .input(z.object({ viewId, column: z.string(), bins: z.number().int().min(1).max(1000) }))
    .output(datasetHistogram),
  closeView: procedure.input(z.object({ viewId })).output(z.object({})),
  /** Values of a column in the rows that every other filter of the view keeps. */
  values: procedure
    .input(
      z.object({
        path: workspacePath,
        view: datasetView,
        column: z.string(),
        part: columnPart.optional(),
        search: z.string().max(1000).optional(),
        limit: z.number().int().min(1).max(500),
        /** The view where it is open: its rows are not searched for again. */
        viewId: viewId.optional(),
        tokenizer: textTokenizer,
      }),
    )
    .output(columnValues),
  /** Whether SQL that a person wrote can be a condition or an order of a view. Runs nothing of it. */
  checkSql: procedure
    .input(
      z.object({
        path: workspacePath,
        part: z.enum(['condition', 'order']),
        text: z.string().max(MAX_SQL_CHARACTERS),
      }),
    )
    .output(checkedSql),
  /** What is in every column: of the dataset, of a view, or of the first `firstRows` of either. */
  profile: procedure
    .input(
      z.object({
        path: workspacePath,
        viewId: viewId.nullable(),
        firstRows: z.number().int().min(1).nullable(),
        columns: z.array(z.string()).max(1000).optional(),
      }),
    )
    .output(eventIterator(profileEvent)),
  /** Streams the rows of a view into a new file, with a recipe beside it. */
  exportView: procedure
    .input(
      z.object({
        path: workspacePath,
        view: datasetView,
        output: workspacePath,
        format: exportFormat,
        overwrite: z.boolean(),
        tokenizer: textTokenizer,
      }),
    )
    .output(eventIterator(exportViewEvent)),
};
