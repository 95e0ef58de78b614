// What a dataset is: its files, its columns and what they mean, what was done to read them as one.
import { z } from 'zod';
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
