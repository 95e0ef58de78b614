// Contract of the dataset viewer: columns, pages by row number, one whole document, histograms.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { columnPart, datasetView, MAX_SQL_CHARACTERS } from '../lib/datasets/view.ts';
import { profileEvent } from './dataset-profile.ts';
import {
  datasetPage,
  datasetDocument,
  rowTokens,
  datasetHistogram,
  exportFormat,
  openViewEvent,
  viewPage,
  viewPlace,
  columnValues,
  exportViewEvent,
  checkedSql,
  datasetHead,
} from './dataset-rows.ts';
import { datasetInfo, datasetSummary, datasetFolder } from './dataset-shape.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

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
