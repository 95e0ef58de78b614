// The score table of a corpus: one Parquet file in the cache with row, language, kept flag, tokens, filter reason and scores, but
// no text. Its name comes from what it was made of, so a changed file gets a new one; any of them may be deleted at any time.
import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { ActivityLog } from '../system/activities.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import type { DatasetEngine } from '../datasets/engine.ts';
import { ROW_NUMBER } from '../datasets/source.ts';
import { sqlFile, sqlText } from '../datasets/sql.ts';
import { type CorpusFacts, type FilePlan, planRelation } from './file-plan.ts';

/** Raised when the table or how it is filled changes, so that older ones are made again. */
const CACHE_VERSION = 1;

const tableHead = z.object({
  column: z.string(),
  /** Column of the table: `s0`, `s1`, … */
  field: z.string(),
  /** False when half-size floats hold every score exactly. */
  wide: z.boolean(),
  scored: z.number(),
  missing: z.number(),
  infinite: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type TableHead = z.infer<typeof tableHead>;

const tableLanguage = z.object({
  name: z.string(),
  documents: z.number(),
  keptDocuments: z.number(),
  /** Documents whose kept flag is known. */
  flagged: z.number(),
  tokens: z.number(),
  /** Documents without a token count; they count as 0 tokens. */
  withoutTokens: z.number(),
});
export type TableLanguage = z.infer<typeof tableLanguage>;

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
}

export interface BuildRequest {
  readonly engine: DatasetEngine;
  readonly cacheFolder: string;
  readonly facts: CorpusFacts;
  readonly plans: readonly FilePlan[];
  readonly headColumns: readonly string[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { doneRows: number; totalRows: number }) => void) | undefined;
  /** Shows a build as long work; a table from the cache is none. */
  readonly activities?: ActivityLog | undefined;
}

/** The cached table of these very files, or a new one. Throws StudioError; leaves nothing half-made. */
export async function buildScoreTable(request: BuildRequest): Promise<ScoreTable> {
  const { cacheFolder, facts, plans } = request;
  const key = keyOf(request);
  const path = join(cacheFolder, `${key}.parquet`);
  const entryPath = join(cacheFolder, `${key}.json`);
  const entry = (await readEntry(entryPath, path)) ?? (await makeShown(request, path, entryPath));
  const documents = entry.languages.reduce((sum, language) => sum + language.documents, 0);
  return { path, facts, plans, documents, heads: entry.heads, languages: entry.languages };
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

async function readEntry(entryPath: string, path: string): Promise<z.infer<typeof cacheEntry> | null> {
  try {
    await access(path);
    const parsed = cacheEntry.safeParse(JSON.parse(await readFile(entryPath, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    // Missing or half-written: the table is simply made again.
    return null;
  }
}

function makeShown(
  request: BuildRequest,
  path: string,
  entryPath: string,
): Promise<z.infer<typeof cacheEntry>> {
  const { activities, signal, plans } = request;
  if (!activities) return make(request, path, entryPath);
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
      entryPath,
    ),
  );
}

async function make(
  request: BuildRequest,
  path: string,
  entryPath: string,
): Promise<z.infer<typeof cacheEntry>> {
  const { engine, cacheFolder, plans, signal, onProgress } = request;
  await mkdir(cacheFolder, { recursive: true });
  const aside = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  const shown = plans[0]?.source.path ?? path;
  const totalRows = plans.reduce((sum, { source }) => sum + source.info.rows, 0);
  try {
    await engine.query({
      path: shown,
      signal,
      statements: [`COPY (${tableSql(plans)}) TO ${sqlText(aside)} (FORMAT parquet, COMPRESSION zstd)`],
      onProgress: (_, percent) =>
        onProgress?.({ doneRows: Math.round((totalRows * percent) / 100), totalRows }),
    });
    const entry = await summarise(request, aside);
    // The entry goes first: an old one must not vouch for new rows.
    await rm(entryPath, { force: true });
    await rename(aside, path);
    await writeFileAtomic(entryPath, JSON.stringify(entry));
    return entry;
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
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

async function summarise(request: BuildRequest, path: string): Promise<z.infer<typeof cacheEntry>> {
  const { engine, plans, headColumns, signal } = request;
  const table = `read_parquet(${sqlFile(path)})`;
  const perHead = headColumns.flatMap((_, index) => [
    `count(s${index})`,
    `count(*) FILTER (isinf(s${index}))`,
    `min(s${index}) FILTER (isfinite(s${index}))`,
    `max(s${index}) FILTER (isfinite(s${index}))`,
    `coalesce(bool_and(coalesce(TRY_CAST(s${index} AS FLOAT)::DOUBLE = s${index}, false)) FILTER (s${index} IS NOT NULL), true)`,
  ]);
  const [languages, heads] = await engine.query({
    path: plans[0]?.source.path ?? basename(path),
    signal,
    statements: [
      `SELECT language, count(*), count(*) FILTER (kept), count(kept), coalesce(sum(tokens), 0)::DOUBLE,
         count(*) FILTER (tokens IS NULL) FROM ${table} GROUP BY language ORDER BY language`,
      `SELECT count(*)${perHead.map((expression) => `, ${expression}`).join('')} FROM ${table}`,
    ],
  });
  const value = (column: number, row = 0): unknown => heads?.columns[column]?.[row] ?? null;
  const documents = Number(value(0));
  const numberOrNull = (found: unknown): number | null => (typeof found === 'number' ? found : null);
  return {
    version: CACHE_VERSION,
    languages: Array.from({ length: languages?.rows ?? 0 }, (_, row) => {
      const [name = '', ...counts] = languages?.columns.map((column) => column[row]) ?? [];
      const [count = 0, keptDocuments = 0, flagged = 0, tokens = 0, withoutTokens = 0] = counts.map(Number);
      return { name: String(name), documents: count, keptDocuments, flagged, tokens, withoutTokens };
    }),
    heads: headColumns.map((column, index) => {
      const scored = Number(value(1 + 5 * index));
      return {
        column,
        field: `s${index}`,
        wide: value(5 + 5 * index) !== true,
        scored,
        missing: documents - scored,
        infinite: Number(value(2 + 5 * index)),
        low: numberOrNull(value(3 + 5 * index)),
        high: numberOrNull(value(4 + 5 * index)),
      };
    }),
  };
}
