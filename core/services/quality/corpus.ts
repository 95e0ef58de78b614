// A corpus that a person named by files and folders: opened, its columns recognised, its score table built or found in the cache.
// Asked many times a second while a slider moves, so files are looked at again only now and then.
import { type CorpusTokens, MAX_SOURCES } from '../../api/quality-corpus.ts';
import { StudioError } from '../../api/errors.ts';
import type { RowProgress } from '../progress-events.ts';
import type { ActivityLog } from '../system/activities.ts';
import type { DatasetEngine } from '../datasets/engine.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { type TokenCounter, tokenizerLabel } from './count-corpus-tokens.ts';
import {
  type CorpusFacts,
  type CorpusFile,
  type FilePlan,
  headColumnOf,
  planCorpus,
  scoreColumnsOf,
  withCounts,
} from './file-plan.ts';
import type { ScoredFiles } from './origins.ts';
import { readScoredColumns } from '../scoring/score-cards.ts';
import { leavesOf } from '../datasets/leaves.ts';
import { buildScoreTable, type ScoreTable, type UnsavedTable } from './score-table.ts';
import { createSharedWork } from './shared-work.ts';

/** A changed file shows up after this long at the latest. */
const TRUST_MS = 2000;
/** Tables a person switches between; a forgotten one is found in the cache again. */
const MAX_KNOWN = 20;

export interface CorpusRequest {
  /** Absolute; folders and globs stand for their data files. */
  readonly paths: readonly string[];
  /** What the files offer, unless said otherwise. A tokenizer's path is absolute. */
  readonly tokens?: CorpusTokens | undefined;
  /** Heads by name; null for every score column. */
  readonly heads: readonly string[] | null;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RowProgress) => void) | undefined;
}

export interface Corpus extends ScoredFiles {
  readonly table: ScoreTable;
  /** Column of each head that was asked for, by its name. */
  readonly columns: ReadonlyMap<string, string>;
}

export interface CorpusStore {
  open(request: CorpusRequest): Promise<Corpus>;
  /** Resolves when every table that is held is written, or cannot be. */
  settle(): Promise<void>;
}

export interface CorpusStoreOptions {
  readonly engine: DatasetEngine;
  readonly library: DatasetLibrary;
  readonly counter: TokenCounter;
  readonly cacheFolder: () => Promise<string>;
  readonly activities?: ActivityLog | undefined;
}

export function createCorpusStore(options: CorpusStoreOptions): CorpusStore {
  const known = new Map<string, { readonly corpus: Corpus; readonly checkedMs: number }>();
  const building = createSharedWork<Corpus, RowProgress>();
  const unsaved = new Map<string, UnsavedTable>();
  return {
    async open(request) {
      const key = JSON.stringify([request.paths, request.tokens, request.heads]);
      const found = known.get(key);
      if (found && Date.now() - found.checkedMs < TRUST_MS) return found.corpus;
      const corpus = await building.join(key, request, (signal, onProgress) =>
        openCorpus({ ...request, signal, onProgress }, { ...options, unsaved }),
      );
      known.delete(key);
      known.set(key, { corpus, checkedMs: Date.now() });
      const oldest = known.keys().next().value;
      if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
      return corpus;
    },
    async settle() {
      const held = [...unsaved.values()].filter(({ pid }) => pid === options.engine.pid);
      await Promise.allSettled(held.map((table) => table.saved()));
    },
  };
}

async function openCorpus(
  request: CorpusRequest,
  options: CorpusStoreOptions & { readonly unsaved: Map<string, UnsavedTable> },
): Promise<Corpus> {
  const { engine, library, cacheFolder, unsaved } = options;
  const { signal } = request;
  const files = await openCorpusFiles(request.paths, library, signal);
  const columns = new Map<string, string>();
  if (request.heads === null) for (const column of scoreColumnsOf(files)) columns.set(column, column);
  else for (const head of request.heads) columns.set(head, requireHead(files, head));
  const headColumns = [...new Set(columns.values())];
  const sources = files.map(({ source }) => source);
  const scored = await readScoredColumns(sources, { engine, signal });
  const { facts, plans } = await planTokens({ ...request, ...options, files, headColumns });
  const table = await buildScoreTable({
    engine,
    cacheFolder: await cacheFolder(),
    facts,
    plans,
    headColumns,
    unsaved,
    signal,
    onProgress: request.onProgress,
    activities: options.activities,
  });
  return { table, files, scored, columns };
}

/** Counting reads every text, and the rest of the way none: shares of the whole as it is shown. */
const COUNT_SHARE = 0.95;

/** The plans of the files, with tokens counted where a tokenizer is wanted. Throws StudioError. */
export async function planTokens(request: {
  readonly files: readonly CorpusFile[];
  readonly headColumns: readonly string[];
  readonly tokens?: CorpusTokens | undefined;
  readonly counter: TokenCounter;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RowProgress) => void) | undefined;
  readonly activities?: ActivityLog | undefined;
}): Promise<{ readonly facts: CorpusFacts; readonly plans: readonly FilePlan[] }> {
  const { tokens = { kind: 'found' }, counter, files, signal, activities } = request;
  const { facts, plans } = planCorpus(files, request.headColumns, tokens.kind);
  if (tokens.kind !== 'tokenizer') return { facts, plans };
  const tokenizer = await counter.describe(tokens.path, signal);
  const totalRows = plans.reduce((sum, { source }) => sum + source.info.rows, 0);
  const known = await Promise.all(plans.map(({ source, text }) => counter.find({ source, text, tokenizer })));
  const countAll = async (
    ending: AbortSignal | undefined,
    onRows: (doneRows: number) => void,
  ): Promise<readonly FilePlan[]> => {
    const counted: FilePlan[] = [];
    let before = 0;
    for (const [index, plan] of plans.entries()) {
      const { source, text } = plan;
      const onProgress = (done: number): void => onRows(before + done);
      const counts =
        known[index] ?? (await counter.count({ source, text, tokenizer, signal: ending, onProgress }));
      counted.push(withCounts(plan, counts));
      before += source.info.rows;
    }
    return counted;
  };
  const note = (doneRows: number): void =>
    request.onProgress?.({ doneRows: Math.round(COUNT_SHARE * doneRows), totalRows });
  const isWork = activities !== undefined && known.includes(null);
  const withTokens = isWork
    ? await activities.run(
        { title: `Counting tokens with ${tokenizer.name}`, unit: 'rows', signal },
        (activity) =>
          countAll(activity.signal, (doneRows) => {
            activity.progress(doneRows, totalRows);
            note(doneRows);
          }),
      )
    : await countAll(signal, note);
  const { name, sha256 } = tokenizer;
  return {
    facts: {
      ...facts,
      tokens: { ...facts.tokens, label: tokenizerLabel(tokenizer), tokenizer: { name, sha256 } },
    },
    plans: withTokens,
  };
}

/** Every data file of the paths, in their order, folders read by name. Throws when there is none. */
export async function openCorpusFiles(
  paths: readonly string[],
  library: DatasetLibrary,
  signal?: AbortSignal,
): Promise<readonly CorpusFile[]> {
  const found: string[] = [];
  for (const path of paths) {
    const files = await library.readableFiles(path, signal);
    found.push(...files.map((file) => file.path));
  }
  const unique = [...new Set(found)];
  if (unique.length > MAX_SOURCES) {
    throw new StudioError(
      'TOO_LARGE',
      `These are ${unique.length} files; at most ${MAX_SOURCES} go together`,
      {
        hint: 'Choose fewer languages or folders at once',
      },
    );
  }
  const files: CorpusFile[] = [];
  for (const path of unique) {
    const source = await library.open(path, signal);
    files.push({ source, leaves: leavesOf(source) });
  }
  return files;
}

function requireHead(files: readonly CorpusFile[], head: string): string {
  const column = headColumnOf(files, head);
  if (column !== null) return column;
  const scores = scoreColumnsOf(files);
  throw new StudioError('INVALID_INPUT', `There is no score column for the head ${head}`, {
    hint:
      scores.length === 0
        ? 'Score the documents first: no column holds scores'
        : `The score columns are: ${scores.slice(0, 20).join(', ')}`,
    ...(files[0] === undefined ? {} : { path: files[0].source.path }),
  });
}
