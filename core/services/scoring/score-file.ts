// Scores the documents of one file with several heads in one pass: a new Parquet file with a column a head, whole or not at all,
// and a card beside it that says which heads over which embedder.
import { randomBytes } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { asidePath } from '../files/aside-path.ts';
import { makeFolder } from '../files/make-folder.ts';
import { StudioError } from '../../api/errors.ts';
import type { EmbedderIdentity } from '../../lib/jql/builtin-embedder.ts';
import {
  ORIGIN_KEY,
  type ScoreCard,
  scoreCardPath,
  scoreColumn,
  type ScoredColumn,
  type ScoreOrigin,
} from '../../lib/quality/score-card.ts';
import { folderColumnNames } from '../datasets/document-facts.ts';
import { folderColumnsOf, folderColumnsSql } from '../datasets/folder-columns.ts';
import type { DatasetEngine } from '../datasets/engine.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import {
  type DatasetSource,
  relation,
  requireColumn,
  requireStoredText,
  storedColumns,
} from '../datasets/source.ts';
import { sqlName, sqlText } from '../datasets/sql.ts';
import { perMinute } from '../embedders/embed-rows.ts';
import { openBuiltinEmbedder, type TextEmbedder } from '../embedders/text-embedder.ts';
import { createHeadScorer } from './head-scorer.ts';
import {
  builtinWidth,
  type HeadRequest,
  type LoadedHead,
  loadHeads,
  requireEmbedder,
} from './head-sources.ts';
import { readScoredColumns } from './score-cards.ts';
import { type ScoreProgress, scoreRows } from './score-rows.ts';
import { explainOutput, finishOutput, requireOther } from '../files/whole-output.ts';

export interface ScoreRequest {
  /** Absolute: one file. */
  readonly path: string;
  readonly heads: readonly HeadRequest[];
  /** Null for the column that usually holds the text. */
  readonly textColumn: string | null;
  /** Absolute, ends in .parquet. */
  readonly output: string;
  /** Opens a model; null for the built-in embedder as wide as the heads are. Closed when the scoring ends. */
  readonly openEmbedder: (() => Promise<TextEmbedder>) | null;
  /** Holds the built native children. */
  readonly appFolder: string;
  readonly engine: DatasetEngine;
  readonly library: DatasetLibrary;
  readonly nameOf: (path: string) => string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ScoreProgress) => void) | undefined;
}

export interface Scored {
  readonly output: string;
  readonly cardPath: string;
  readonly documents: number;
  /** Documents with a text. */
  readonly scoredDocuments: number;
  readonly columns: readonly {
    readonly column: string;
    readonly head: string;
    readonly sha256: string;
    /** Null when no document was scored. */
    readonly mean: number | null;
    readonly low: number | null;
    readonly high: number | null;
  }[];
  readonly embedder: { readonly id: string; readonly variant: string };
  readonly textColumn: string;
  /** Columns with what only the folders of the files said. */
  readonly folderColumns: readonly string[];
  readonly sizeBytes: number;
  readonly durationMs: number;
  readonly documentsPerMinute: number;
  readonly warnings: readonly string[];
}

/**
 * Source: JQL stage 3 (score = w2 · max(0, W1·e + b1) + b2). A document without a text gets no score. Throws StudioError; a
 * failure at any moment leaves the old output, if there was one, and nothing else.
 */
export async function scoreFile(request: ScoreRequest): Promise<Scored> {
  const { path, output, engine, signal } = request;
  if (!output.toLowerCase().endsWith('.parquet')) {
    throw new StudioError('INVALID_INPUT', `${basename(output)} does not end in .parquet`, {
      hint: 'Scores are written as Parquet: end the name with .parquet',
      path: output,
    });
  }
  const heads = await loadHeads(request.heads);
  const source = await request.library.open(path, signal);
  for (const file of source.files) await requireOther(file.path, output);
  const textColumn = requireText(source, request.textColumn);
  requireNewColumns(source, heads);
  await using embedder = await (request.openEmbedder?.() ?? openBuiltinEmbedder(builtinWidth(heads)));
  const { identity } = embedder;
  const warnings = [...embedder.warnings, ...requireEmbedder(heads, identity)];
  await using scorer = createHeadScorer(
    heads.map(({ head }) => head),
    request.appFolder,
  );
  const table = sqlName(`scores_${randomBytes(6).toString('hex')}`);
  const startMs = performance.now();
  let childPid: number | null = null;
  try {
    const types = heads.map((_, index) => `, s${index} FLOAT`).join('');
    await engine.query({ path, signal, statements: [`CREATE TABLE ${table} (row BIGINT${types})`] });
    childPid = engine.pid;
    const totals = await scoreRows({ ...request, source, textColumn, scorer, embedder, table });
    const durationMs = performance.now() - startMs;
    if ((await request.library.open(path, signal)) !== source) throw changed(source);
    const [earlier] = await readScoredColumns([source], { engine, signal });
    const origin = describeOrigin({ source, textColumn, earlier: earlier ?? [] }, heads, identity);
    const sizeBytes = await write(request, { source, heads, table }, origin);
    return {
      output: request.nameOf(output),
      cardPath: request.nameOf(scoreCardPath(output)),
      documents: source.info.rows,
      scoredDocuments: totals.scored,
      columns: heads.map(({ name, sha256 }, index) => {
        const { sum = 0, low = 0, high = 0 } = totals.heads[index] ?? {};
        const known = totals.scored > 0;
        return {
          column: scoreColumn(name),
          head: name,
          sha256,
          mean: known ? sum / totals.scored : null,
          low: known ? low : null,
          high: known ? high : null,
        };
      }),
      embedder: { id: identity.id, variant: identity.variant },
      textColumn,
      folderColumns: folderColumnNames(folderColumnsOf(source)),
      sizeBytes,
      durationMs,
      documentsPerMinute: perMinute(source.info.rows, durationMs),
      warnings: [...warnings, ...warningsOf(source, totals.scored)],
    };
  } catch (error) {
    const died = childPid !== null && engine.pid !== childPid;
    throw died && error instanceof StudioError && error.code === 'INTERNAL'
      ? tableGone(source, error)
      : error;
  } finally {
    // The table lives in the child; one that died took it along.
    await engine.query({ path, statements: [`DROP TABLE IF EXISTS ${table}`] }).catch(() => undefined);
  }
}

/** The column with the text: the wanted one, or the one that looks like it. Throws INVALID_INPUT. */
export function requireText(source: DatasetSource, wanted: string | null): string {
  const { columns } = source.info;
  const found = wanted ?? source.info.textColumn;
  if (found === null) {
    throw new StudioError(
      'INVALID_INPUT',
      `${basename(source.path)} has no column that looks like the text`,
      {
        hint: `Name it with --text-column; the columns are: ${columns
          .slice(0, 20)
          .map(({ name }) => name)
          .join(', ')}`,
        path: source.path,
      },
    );
  }
  const column = requireColumn(source, found);
  requireStoredText(source, column.name);
  if (column.type === 'VARCHAR') return column.name;
  throw new StudioError('INVALID_INPUT', `The column ${found} holds ${column.type}, not text`, {
    hint: 'Choose the column with the text of the documents',
    path: source.path,
  });
}

function requireNewColumns(source: DatasetSource, heads: readonly LoadedHead[]): void {
  const present = new Set(source.info.columns.map(({ name }) => name.toLowerCase()));
  const taken = heads.find(({ name }) => present.has(scoreColumn(name).toLowerCase()));
  if (!taken) return;
  throw new StudioError(
    'INVALID_INPUT',
    `${basename(source.path)} has a column ${scoreColumn(taken.name)} already`,
    { hint: `Give the head another name: NAME=${taken.file}`, path: source.path },
  );
}

function describeOrigin(
  made: {
    readonly source: DatasetSource;
    readonly textColumn: string;
    /** Columns that an earlier run made. */
    readonly earlier: readonly ScoredColumn[];
  },
  heads: readonly LoadedHead[],
  embedder: EmbedderIdentity,
): ScoreOrigin {
  const { source, textColumn, earlier } = made;
  const { id, variant, dimensions, sha256 } = embedder;
  return {
    format: 'nesso-scores',
    version: 1,
    createdAt: new Date().toISOString(),
    textColumn,
    source: { file: basename(source.path), sizeBytes: source.info.sizeBytes, rows: source.info.rows },
    columns: [
      ...earlier,
      ...heads.map(({ name, file, sha256: hash, head }) => ({
        column: scoreColumn(name),
        head: { name, file, sha256: hash, inputs: head.inputs, hidden: head.hidden },
        embedder: { id, variant, dimensions, sha256 },
      })),
    ],
  };
}

/** Both asides are whole before the first gets its name. Returns the size of the Parquet file. */
async function write(
  request: ScoreRequest,
  scored: { readonly source: DatasetSource; readonly heads: readonly LoadedHead[]; readonly table: string },
  origin: ScoreOrigin,
): Promise<number> {
  const { source, heads, table } = scored;
  const { output, engine, signal } = request;
  const aside = asidePath(output);
  // Both sides come in the order of the file; a row without its own scores ends the writing instead of shifting them.
  const columns = heads.map(({ name }, index) => {
    const checked = `CASE WHEN f.file_row_number = t.row THEN t.s${index} ELSE error('a row without its scores')::FLOAT END`;
    return `${checked} AS ${sqlName(scoreColumn(name))}`;
  });
  const added = [...columns, ...folderColumnsSql(source, 'f')];
  const statement = `COPY (SELECT ${storedColumns(source, 'f')}, ${added.join(', ')}
      FROM ${relation(source)} f POSITIONAL JOIN ${table} t) TO ${sqlText(aside)}
    (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false, KV_METADATA {${ORIGIN_KEY}: ${sqlText(JSON.stringify(origin))}})`;
  try {
    await makeFolder(dirname(output));
    await engine.query({ path: output, signal, statements: [statement] });
    signal?.throwIfAborted();
    const { size } = await stat(aside);
    const card: ScoreCard = {
      ...origin,
      output: { file: basename(output), sizeBytes: size, rows: source.info.rows },
    };
    await finishOutput({
      aside,
      output,
      card: { path: scoreCardPath(output), text: `${JSON.stringify(card, null, 2)}\n` },
    });
    return size;
  } catch (error) {
    throw explainWrite(error, output, source);
  } finally {
    await rm(aside, { force: true });
  }
}

function explainWrite(error: unknown, output: string, source: DatasetSource): unknown {
  if (error instanceof StudioError && error.data.detail?.includes('a row without its scores')) {
    return changed(source, error);
  }
  return explainOutput(error, output);
}

function changed(source: DatasetSource, cause?: unknown): StudioError {
  return new StudioError('CONFLICT', `${basename(source.path)} changed while it was scored`, {
    hint: 'Wait until the file is complete and try again',
    path: source.path,
    cause,
  });
}

/** A new child has started meanwhile and does not know the table. */
function tableGone(source: DatasetSource, cause: StudioError): StudioError {
  return new StudioError('RUNTIME_DIED', `The data process ended while scoring ${basename(source.path)}`, {
    hint: 'Try again: a new one starts by itself. If it happens again, there may be too little memory',
    path: source.path,
    cause,
  });
}

function warningsOf(source: DatasetSource, scored: number): string[] {
  const warnings: string[] = [];
  const without = source.info.rows - scored;
  if (without > 0) warnings.push(`${without.toLocaleString('en')} documents without a text have no score`);
  const broken = source.info.brokenLines.count;
  if (broken > 0)
    warnings.push(`${broken.toLocaleString('en')} lines of the source could not be read and are left out`);
  return warnings;
}
