// Writes the rows of a view into one new file, whole or not at all, with a recipe beside it that says how they were chosen.
// DuckDB streams the rows; nothing of them passes through this process.
import { rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { ExportFormat } from '../../../api/dataset-rows.ts';
import { StudioError } from '../../../api/errors.ts';
import { type DatasetView, viewSentences } from '../../../lib/datasets/view.ts';
import { asidePath } from '../../files/aside-path.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { explainOutput, finishOutput, requireFree, requireOther } from '../../files/whole-output.ts';
import { type DatasetEngine, queryOne } from '../engine.ts';
import { folderColumnNames } from '../document-facts.ts';
import { folderColumnsOf, folderColumnsSql } from '../folder-columns.ts';
import { type DatasetSource, finiteColumns, relation, ROW_NUMBER, storedColumns } from '../source.ts';
import { sqlName, sqlText } from '../sql.ts';
import { explainSql, type FindDecoded, viewClauses } from './view-clauses.ts';

/** Names under which published corpora keep what identifies a document. */
const ID_COLUMNS = ['id', 'doc_id', 'document_id', 'uuid'];

export interface ExportRequest {
  readonly source: DatasetSource;
  readonly view: DatasetView;
  /** Absolute. */
  readonly output: string;
  readonly format: ExportFormat;
  readonly overwrite: boolean;
  readonly engine: DatasetEngine;
  readonly nameOf: (path: string) => string;
  readonly findDecoded?: FindDecoded | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { doneRows: number; totalRows: number }) => void) | undefined;
}

export interface Exported {
  readonly output: string;
  readonly recipePath: string;
  readonly rows: number;
  readonly sizeBytes: number;
  /** Of an id list: the column of the ids; null means row numbers. */
  readonly idColumn?: string | null;
  /** Columns with what only the folders of the files said. */
  readonly folderColumns: readonly string[];
}

/** Throws StudioError; a failure at any moment leaves the old output, if there was one, and nothing else. */
export async function exportView(request: ExportRequest): Promise<Exported> {
  const { source, view, output, format, overwrite, engine, signal, onProgress } = request;
  if (!overwrite) await requireFree(output);
  if (format !== 'ids') requireStoredText(source);
  for (const file of source.files) await requireOther(file.path, output);
  const { where, orderBy } = await viewClauses(engine, source, view, request);
  const ids = format === 'ids' ? idColumnOf(source) : null;
  const { columns, options } = formatSql(format, source, ids);
  const added = format === 'ids' ? [] : folderColumnsSql(source, 'd');
  const folderColumns = format === 'ids' ? [] : folderColumnNames(folderColumnsOf(source));
  const aside = asidePath(output);
  const recipePath = `${output}.recipe.json`;
  const totalRows = source.info.rows;
  try {
    await makeFolder(dirname(output));
    const written = await queryOne(engine, {
      path: output,
      signal,
      statements: [
        `COPY (SELECT ${[columns, ...added].join(', ')} FROM ${relation(source)} d ${where} ${orderBy}) TO ${sqlText(aside)} (${options}, USE_TMP_FILE false)`,
      ],
      ...(onProgress
        ? {
            onProgress: (_: number, percent: number) =>
              onProgress({ doneRows: Math.round((totalRows * percent) / 100), totalRows }),
          }
        : {}),
    });
    const rows = Number(written.columns[0]?.[0] ?? 0);
    const { size: sizeBytes } = await stat(aside);
    signal?.throwIfAborted();
    const text = `${JSON.stringify(recipeOf(request, rows, ids), null, 2)}\n`;
    await finishOutput({ aside, output, card: { path: recipePath, text } });
    const shown = {
      output: request.nameOf(output),
      recipePath: request.nameOf(recipePath),
      rows,
      sizeBytes,
      folderColumns,
    };
    return format === 'ids' ? { ...shown, idColumn: ids } : shown;
  } catch (error) {
    throw explainOutput(explainSql(error, view, source.path), output);
  } finally {
    await rm(aside, { force: true });
  }
}

function requireStoredText(source: DatasetSource): void {
  if (source.files.every(({ tokens }) => tokens === undefined)) return;
  throw new StudioError('INVALID_INPUT', `${basename(source.path)} holds token ids, no text to export`, {
    hint: 'Export an id list, which has the row numbers, or take the text from the corpus that the tokens were made from',
    path: source.path,
  });
}

/** The column that identifies a document, or null: then its row number does. */
export function idColumnOf(source: DatasetSource): string | null {
  for (const wanted of ID_COLUMNS) {
    const found = source.info.columns.find(({ name }) => name.toLowerCase() === wanted);
    if (found) return found.name;
  }
  return null;
}

function formatSql(
  format: ExportFormat,
  source: DatasetSource,
  idColumn: string | null,
): { readonly columns: string; readonly options: string } {
  switch (format) {
    case 'parquet':
      return { columns: storedColumns(source), options: 'FORMAT parquet, COMPRESSION zstd' };
    case 'jsonl.zst':
      return { columns: finiteColumns(source), options: 'FORMAT json, COMPRESSION zstd' };
    case 'ids': {
      const id =
        idColumn === null
          ? ROW_NUMBER
          : // One line an id, whatever is in it.
            `regexp_replace(coalesce(${sqlName(idColumn)}::VARCHAR, ''), '[\\r\\n]+', ' ', 'g')`;
      // A separator that no id holds, and no quotes: the lines are the ids as they are.
      return { columns: id, options: `FORMAT csv, HEADER false, DELIMITER '\u001f', QUOTE '', ESCAPE ''` };
    }
  }
}

function recipeOf(request: ExportRequest, rows: number, idColumn: string | null): Record<string, unknown> {
  const { source, view, format, nameOf } = request;
  return {
    kind: 'nesso-view-export',
    version: 1,
    source: {
      path: nameOf(source.path),
      sizeBytes: source.info.sizeBytes,
      modifiedMs: source.modifiedMs,
      rows: source.info.rows,
      ...(source.files.length === 1 ? {} : { files: source.files.length }),
    },
    view,
    sentences: viewSentences(view, source.info.textColumn),
    format,
    ...(format === 'ids' ? { idColumn } : {}),
    rows,
  };
}
