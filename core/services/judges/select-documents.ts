// The documents of a judgement: chosen once, written aside as Parquet in the order they are judged in, read some at a time.
// The source may be large and slow to read at random; this is neither.
import { createHash } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { DatasetView } from '../../lib/datasets/view.ts';
import type { JudgeSelection } from '../../lib/judges/judgement.ts';
import { factsOfPath } from '../../lib/quality/recognise-columns.ts';
import { languageExpression, NO_LANGUAGE } from '../datasets/document-facts.ts';
import { type DatasetEngine, queryOne } from '../datasets/engine.ts';
import { type DatasetSource, relation, requireColumn, requireStoredText } from '../datasets/source.ts';
import { sqlFile, sqlName, sqlText } from '../datasets/sql.ts';
import { explainSql, viewClauses } from '../datasets/views/view-clauses.ts';
import { asidePath } from '../files/aside-path.ts';
import { makeFolder } from '../files/make-folder.ts';

/** Texts are read this many at a time: enough to be ahead of every server, little in memory. */
const BATCH = 64;
/** Small row groups: a batch of texts is read without decoding thousands. */
const ROW_GROUP_ROWS = 2048;

export interface JudgedColumns {
  readonly text: string;
  readonly id: string | null;
  /** SQL. */
  readonly languageSql: string;
  /** In words. */
  readonly language: string;
}

/** Throws INVALID_INPUT when no column holds text. */
export function judgedColumns(source: DatasetSource, textColumn: string | null): JudgedColumns {
  const { roles } = source.info.recognised;
  const named = (wanted: string): string | null => roles.find(({ role }) => role === wanted)?.column ?? null;
  const text = textColumn === null ? source.info.textColumn : requireColumn(source, textColumn).name;
  if (text === null) {
    throw new StudioError('INVALID_INPUT', 'No column of this dataset is recognised as the text', {
      hint: 'Name it, or call the column with the documents text or content',
      path: source.path,
    });
  }
  requireStoredText(source, text);
  return { text, id: named('id'), ...languageOf(source, named('language'), named('script')) };
}

function languageOf(
  source: DatasetSource,
  language: string | null,
  script: string | null,
): { readonly languageSql: string; readonly language: string } {
  if (language !== null && script !== null && script !== language) {
    const columns = { language: sqlName(language), script: sqlName(script), folderLanguage: null };
    return {
      languageSql: `nullif(${languageExpression(columns, null)}, ${sqlText(NO_LANGUAGE)})`,
      language: `${language} + ${script}`,
    };
  }
  if (language !== null) return { languageSql: `${sqlName(language)}::VARCHAR`, language };
  const folders = source.files.map((file) => ({
    name: file.name,
    language: factsOfPath(file.path).language,
  }));
  const [first] = folders;
  if (folders.every((folder) => folder.language === null)) {
    return { languageSql: 'NULL::VARCHAR', language: 'none' };
  }
  const { fileColumn } = source.info;
  if (fileColumn === null || folders.every((folder) => folder.language === first?.language)) {
    return { languageSql: sqlText(first?.language ?? ''), language: 'folder name' };
  }
  const cases = folders.flatMap((folder) =>
    folder.language === null ? [] : [`WHEN ${sqlText(folder.name)} THEN ${sqlText(folder.language)}`],
  );
  return { languageSql: `CASE ${sqlName(fileColumn)} ${cases.join(' ')} END`, language: 'folder name' };
}

export interface Selecting {
  readonly source: DatasetSource;
  readonly columns: JudgedColumns;
  readonly selection: JudgeSelection;
  readonly view: DatasetView;
  /** Longer texts are cut before they are stored; the prompt cuts them again by tokens. */
  readonly characters: number;
  readonly engine: DatasetEngine;
  readonly cacheFolder: string;
  readonly signal?: AbortSignal | undefined;
}

export interface SelectedDocuments {
  readonly path: string;
  readonly documents: number;
  readonly emptyDocuments: number;
}

/** Made once for the same question about the same bytes. Throws INVALID_INPUT when nothing is selected. */
export async function selectDocuments(selecting: Selecting): Promise<SelectedDocuments> {
  const { source, engine, cacheFolder, signal } = selecting;
  const { where } = await viewClauses(engine, source, selecting.view, { signal });
  const { drawn, texts } = statementsOf(selecting, where);
  const key = createHash('sha256')
    .update(JSON.stringify([source.stamp, texts]))
    .digest('hex');
  const path = join(cacheFolder, `${key.slice(0, 32)}.parquet`);
  const there = await stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
  if (!there) {
    await makeFolder(cacheFolder);
    const aside = asidePath(path);
    try {
      await queryOne(engine, {
        path: source.path,
        signal,
        statements: [
          `COPY (${texts}) TO ${sqlFile(aside)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
        ],
      });
      await rename(aside, path);
    } catch (error) {
      throw explainSql(error, selecting.view, source.path);
    } finally {
      await rm(aside, { force: true });
    }
  }
  const [kept, chosen] = await engine.query({
    path: source.path,
    signal,
    statements: [
      `SELECT count(*)::INTEGER FROM read_parquet(${sqlFile(path)})`,
      `SELECT count(*)::INTEGER FROM (${drawn})`,
    ],
  });
  const documents = Number(kept?.columns[0]?.[0] ?? 0);
  const all = Number(chosen?.columns[0]?.[0] ?? 0);
  if (documents === 0) {
    throw new StudioError('INVALID_INPUT', 'There is no document to judge', {
      hint: all === 0 ? 'No row of the view has an id' : 'Every document that was chosen is empty',
      path: source.path,
    });
  }
  return { path, documents, emptyDocuments: all - documents };
}

/** A document is its id and language; of several rows the first counts. Rows without id are not documents. */
function statementsOf(
  { source, columns, selection, characters }: Selecting,
  where: string,
): {
  readonly drawn: string;
  readonly texts: string;
} {
  const id = columns.id === null ? `('row ' || file_row_number)` : `${sqlName(columns.id)}::VARCHAR`;
  const found = `SELECT id, language, min(row) AS row
    FROM (SELECT ${id} AS id, ${columns.languageSql} AS language, file_row_number AS row FROM ${relation(source)} ${where})
    WHERE id IS NOT NULL AND id <> '' GROUP BY id, language`;
  const rank = (seed: number, of: string): string =>
    `md5(${sqlText(`${seed}:`)} || ${of}id || ':' || coalesce(${of}language, '')), ${of}id, ${of}language`;
  const drawn =
    selection.kind === 'all'
      ? found
      : `SELECT id, language, row FROM (${found}) ORDER BY ${rank(selection.seed, '')} LIMIT ${selection.documents}`;
  const text = `source.${sqlName(columns.text)}::VARCHAR`;
  const full = `drawn.id AS id, drawn.language AS language, drawn.row AS row, left(${text}, ${characters}) AS text`;
  // A sample in its own order, so that the part that is judged first is a sample too; all documents in that of the file.
  const order = selection.kind === 'all' ? 'drawn.row' : rank(selection.seed, 'drawn.');
  const texts = `WITH drawn AS MATERIALIZED (${drawn})
    SELECT ${full} FROM drawn JOIN ${relation(source)} AS source ON source.file_row_number = drawn.row
    WHERE length(trim(${text}, ' \n\r\t')) > 0 ORDER BY ${order}`;
  return { drawn, texts };
}

export interface SelectedDocument {
  readonly id: string;
  readonly language: string | null;
  /** In the source, from 0. */
  readonly row: number;
  readonly text: string;
}

/** In the order they are judged in, from `first`. */
export async function* readSelected(
  selected: Pick<SelectedDocuments, 'path' | 'documents'>,
  { engine, signal, first = 0 }: { engine: DatasetEngine; signal?: AbortSignal | undefined; first?: number },
): AsyncGenerator<SelectedDocument, void> {
  for (let at = first; at < selected.documents; at += BATCH) {
    const result = await queryOne(engine, {
      path: selected.path,
      signal,
      statements: [
        `SELECT id, language, row::DOUBLE, text FROM read_parquet(${sqlFile(selected.path)}, file_row_number = true)
         WHERE file_row_number BETWEEN ${at} AND ${at + BATCH - 1} ORDER BY file_row_number`,
      ],
    });
    const [ids = [], languages = [], rows = [], texts = []] = result.columns;
    for (let index = 0; index < result.rows; index += 1) {
      const language = languages[index];
      yield {
        id: String(ids[index]),
        language: typeof language === 'string' && language !== '' ? language : null,
        row: Number(rows[index]),
        text: String(texts[index]),
      };
    }
  }
}
