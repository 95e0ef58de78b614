// The score table of a corpus: one Parquet file in the cache with row, language, kept flag, tokens, filter reason and scores, but
// no text. Its name comes from what it was made of, so a changed file gets a new one; any of them may be deleted at any time. A table
// of moderate size is there before its file is: questions are answered from the data process meanwhile.
import { createHash, randomBytes } from 'node:crypto';
import { access, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../files/make-folder.ts';
import type { ActivityLog } from '../system/activities.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { type DatasetEngine, queryOne } from '../datasets/engine.ts';
import { ROW_NUMBER } from '../datasets/source.ts';
import { sqlFile, sqlText } from '../datasets/sql.ts';
import { type CorpusFacts, type FilePlan, planRelation } from './file-plan.ts';
import { TOGETHER } from './together.ts';
import {
  type ScoreSummary,
  summariseScores,
  tableHead,
  type TableHead,
  tableLanguage,
  type TableLanguage,
} from './summarise-scores.ts';

/** Raised when the table or how it is filled changes, so that older ones are made again. */
const CACHE_VERSION = 1;

/**
 * Up to here the rows wait in memory while they are first looked at, and are written after that. More would take too much of it,
 * and go to the file at once.
 */
const MAX_HELD_ROWS = 4_000_000;
/** The first thresholds are computed before the writing starts. */
const SAVE_AFTER_MS = 1000;

const cacheEntry = z.object({
  version: z.literal(CACHE_VERSION),
  heads: z.array(tableHead),
  languages: z.array(tableLanguage),
});

export interface ScoreTable {
  readonly path: string;
  readonly facts: CorpusFacts;
  readonly plans: readonly FilePlan[];
  readonly documents: number;
  readonly heads: readonly TableHead[];
  /** Sorted by name. */
  readonly languages: readonly TableLanguage[];
  /** Name of the table in the data process while the file is not written; null when it is. Throws like `saved`. */
  readonly ready: () => Promise<string | null>;
  /** Resolves when the file at `path` is there; starts its writing. Throws StudioError when it cannot be written. */
  readonly saved: () => Promise<void>;
}

/** A table whose file is not written yet. */
export interface UnsavedTable {
  readonly entry: ScoreSummary;
  /** The data process that holds it. */
  readonly pid: number | null;
  readonly ready: () => Promise<string | null>;
  readonly saved: () => Promise<void>;
}

export interface BuildRequest {
  readonly engine: DatasetEngine;
  readonly cacheFolder: string;
  readonly facts: CorpusFacts;
  readonly plans: readonly FilePlan[];
  readonly headColumns: readonly string[];
  /** By their path; kept by whoever builds several. */
  readonly unsaved: Map<string, UnsavedTable>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { doneRows: number; totalRows: number }) => void) | undefined;
  /** Shows a build as long work; a table from the cache is none. */
  readonly activities?: ActivityLog | undefined;
}

/** The cached table of these very files, or a new one. Throws StudioError; leaves nothing half-made. */
export async function buildScoreTable(request: BuildRequest): Promise<ScoreTable> {
  const { cacheFolder, facts, plans, unsaved, engine } = request;
  const path = join(cacheFolder, `${keyOf(request)}.parquet`);
  const held = unsaved.get(path);
  const made = held && held.pid === engine.pid ? held : await findOrMake(request, path);
  const { entry, ready, saved } = made;
  const documents = entry.languages.reduce((sum, language) => sum + language.documents, 0);
  return { path, facts, plans, documents, heads: entry.heads, languages: entry.languages, ready, saved };
}

async function findOrMake(request: BuildRequest, path: string): Promise<UnsavedTable> {
  const entry = await readEntry(entryPathOf(path), path);
  return entry ? onDisk(entry) : makeShown(request, path);
}

function onDisk(entry: ScoreSummary): UnsavedTable {
  return { entry, pid: null, ready: () => Promise.resolve(null), saved: () => Promise.resolve() };
}

function entryPathOf(path: string): string {
  return path.replace(/parquet$/, 'json');
}

/** Everything that decides about the content: the files as they are, and the expressions they are read with. */
function keyOf({ plans, headColumns }: BuildRequest): string {
  const parts = plans.map(({ source, language, kept, reason, tokens, counts, scores }) => [
    source.path,
    source.stamp,
    [language, kept, reason, tokens, counts === null ? null : basename(counts), ...scores],
  ]);
  return createHash('sha256')
    .update(JSON.stringify([CACHE_VERSION, headColumns, parts]))
    .digest('hex')
    .slice(0, 32);
}

async function readEntry(entryPath: string, path: string): Promise<ScoreSummary | null> {
  try {
    await access(path);
    const parsed = cacheEntry.safeParse(JSON.parse(await readFile(entryPath, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    // Missing or half-written: the table is simply made again.
    return null;
  }
}

function makeShown(request: BuildRequest, path: string): Promise<UnsavedTable> {
  const { activities, signal, plans } = request;
  if (!activities) return make(request, path);
  const title = `Reading the scores of ${basename(plans[0]?.source.path ?? path)}`;
  return activities.run({ title, unit: 'rows', signal }, (activity) =>
    make(
      {
        ...request,
        signal: activity.signal,
        onProgress: (progress) => {
          activity.progress(progress.doneRows, progress.totalRows);
          request.onProgress?.(progress);
        },
      },
      path,
    ),
  );
}

async function make(request: BuildRequest, path: string): Promise<UnsavedTable> {
  const { engine, plans, headColumns, signal, onProgress, unsaved } = request;
  const shown = plans[0]?.source.path ?? path;
  const totalRows = plans.reduce((sum, { source }) => sum + source.info.rows, 0);
  const run = async (sql: string): Promise<void> => {
    await engine.query({
      path: shown,
      signal,
      statements: [sql],
      onProgress: (_, percent) =>
        onProgress?.({ doneRows: Math.round((totalRows * percent) / 100), totalRows }),
    });
  };
  const halves = headColumns.map((_, index) => plans.every((plan) => plan.halves[index] === true));
  const summary = { engine, headColumns, halves, shown, signal };
  if (totalRows > MAX_HELD_ROWS) {
    return onDisk(
      await writeTable(path, async (aside) => {
        await run(copySql(tableSql(plans), aside));
        return summariseScores(`read_parquet(${sqlFile(aside)})`, summary);
      }),
    );
  }
  const name = `scores_${randomBytes(9).toString('hex')}`;
  const query = (sql: string) => engine.query({ path: shown, statements: [sql] });
  // A process that ended took its tables with it; asking would start another.
  const drop = async (): Promise<void> => {
    if (engine.pid !== null) await query(`DROP TABLE IF EXISTS ${name}`).catch(() => undefined);
  };
  try {
    await run(`CREATE TABLE ${name} AS ${tableSql(plans)}`);
    if (halves.every(Boolean)) await loadAhead(engine, { path, memory: name, fields: halves.length, shown });
    const entry = await summariseScores(name, summary);
    const { pid } = engine;
    const write = (): Promise<unknown> =>
      writeTable(path, async (aside) => {
        await query(copySql(engine.pid === pid ? `FROM ${name}` : tableSql(plans), aside));
        return entry;
      });
    const table = heldTable({ entry, pid, name, write, isThere: () => engine.pid === pid }, async () => {
      if (unsaved.get(path) === table) unsaved.delete(path);
      await drop();
    });
    unsaved.set(path, table);
    return table;
  } catch (error) {
    await drop();
    throw error;
  }
}

/**
 * Lets the data process read the heads into its memory while they are summarised: the first thresholds need them. Many heads are read
 * when they are asked for.
 */
async function loadAhead(
  engine: DatasetEngine,
  table: { readonly path: string; readonly memory: string; readonly fields: number; readonly shown: string },
): Promise<void> {
  const { path, memory, fields, shown } = table;
  if (fields === 0 || fields > TOGETHER) return;
  const counted = await queryOne(engine, {
    path: shown,
    statements: [`SELECT language, count(*) FROM ${memory} GROUP BY language ORDER BY language`],
  });
  const [names = [], documents = []] = counted.columns;
  const languages = names.map((name, index) => ({ name: String(name), documents: Number(documents[index]) }));
  const together = Array.from({ length: fields }, (_, index) => ({ field: `s${index}`, wide: false }));
  const nothing = { kind: 'histogram' as const, head: null, language: null, edges: [0, 1] };
  // Whoever asks for thresholds hears of a failure.
  void engine.scores({ path, memory, languages, together }, nothing, { path: shown }).catch(() => undefined);
}

interface HeldRows {
  readonly entry: ScoreSummary;
  readonly pid: number | null;
  readonly name: string;
  /** From the table, or from the source again when the process that held it ended. */
  readonly write: () => Promise<unknown>;
  readonly isThere: () => boolean;
}

/** Written once: when somebody needs the file, or a moment after the first look. After a failure the next one tries again. */
function heldTable({ entry, pid, name, write, isThere }: HeldRows, onEnd: () => Promise<void>): UnsavedTable {
  let saving: Promise<void> | null = null;
  let isHeld = true;
  const save = async (): Promise<void> => {
    try {
      await write();
    } catch (error) {
      saving = null;
      throw error;
    }
    isHeld = false;
    await onEnd();
  };
  const saved = (): Promise<void> => {
    clearTimeout(timer);
    saving ??= save();
    return saving;
  };
  const ready = async (): Promise<string | null> => {
    if (isHeld && !isThere()) await saved();
    return isHeld ? name : null;
  };
  // Who needs the file hears of a failure; nobody else does, because questions are answered without it.
  const timer = setTimeout(() => {
    if (isThere()) void saved().catch(() => undefined);
  }, SAVE_AFTER_MS);
  timer.unref();
  return { entry, pid, ready, saved };
}

/** `write` fills the file at the path that it gets, and says what is in it. */
async function writeTable(
  path: string,
  write: (aside: string) => Promise<ScoreSummary>,
): Promise<ScoreSummary> {
  const entryPath = entryPathOf(path);
  const aside = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  await makeFolder(dirname(path));
  try {
    const { heads, languages } = await write(aside);
    // The entry goes first: an old one must not vouch for new rows.
    await rm(entryPath, { force: true });
    await rename(aside, path);
    await writeFileAtomic(entryPath, JSON.stringify({ version: CACHE_VERSION, heads, languages }));
    return { heads, languages };
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

function copySql(rows: string, path: string): string {
  return `COPY (${rows}) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`;
}

function tableSql(plans: readonly FilePlan[]): string {
  return plans
    .map((plan, file) => {
      const scores = plan.scores.map((expression, index) => `${expression} AS s${index}`);
      const columns = [
        `${file}::USMALLINT AS file`,
        `${ROW_NUMBER}::BIGINT AS row`,
        `${plan.language} AS language`,
        `${plan.kept} AS kept`,
        `${plan.tokens} AS tokens`,
        `${plan.reason} AS reason`,
        ...scores,
      ];
      return `SELECT ${columns.join(', ')} FROM ${planRelation(plan)}`;
    })
    .join(' UNION ALL ');
}
