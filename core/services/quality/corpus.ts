// A corpus that a person named by files and folders: opened, its columns recognised, its score table built or found in the cache.
// Asked many times a second while a slider moves, so files are looked at again only now and then.
import { MAX_SOURCES } from '../../api/quality.ts';
import { StudioError } from '../../api/errors.ts';
import type { RowProgress } from '../progress-events.ts';
import type { ActivityLog } from '../system/activities.ts';
import type { DatasetEngine } from '../datasets/engine.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { type CorpusFile, headColumnOf, planCorpus, scoreColumnsOf } from './file-plan.ts';
import { leavesOf } from './leaves.ts';
import { buildScoreTable, type ScoreTable } from './score-table.ts';
import { createSharedWork } from './shared-work.ts';

/** A changed file shows up after this long at the latest. */
const TRUST_MS = 2000;
/** Tables a person switches between; a forgotten one is found in the cache again. */
const MAX_KNOWN = 20;

export interface CorpusRequest {
  /** Absolute; folders and globs stand for their data files. */
  readonly paths: readonly string[];
  /** Heads by name; null for every score column. */
  readonly heads: readonly string[] | null;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RowProgress) => void) | undefined;
}

export interface Corpus {
  readonly table: ScoreTable;
  readonly files: readonly CorpusFile[];
  /** Column of each head that was asked for, by its name. */
  readonly columns: ReadonlyMap<string, string>;
}

export interface CorpusStore {
  open(request: CorpusRequest): Promise<Corpus>;
}

export interface CorpusStoreOptions {
  readonly engine: DatasetEngine;
  readonly library: DatasetLibrary;
  readonly cacheFolder: () => Promise<string>;
  readonly activities?: ActivityLog | undefined;
}

export function createCorpusStore(options: CorpusStoreOptions): CorpusStore {
  const known = new Map<string, { readonly corpus: Corpus; readonly checkedMs: number }>();
  const building = createSharedWork<Corpus, RowProgress>();
  return {
    async open(request) {
      const key = JSON.stringify([request.paths, request.heads]);
      const found = known.get(key);
      if (found && Date.now() - found.checkedMs < TRUST_MS) return found.corpus;
      const corpus = await building.join(key, request, (signal, onProgress) =>
        openCorpus({ ...request, signal, onProgress }, options),
      );
      known.delete(key);
      known.set(key, { corpus, checkedMs: Date.now() });
      const oldest = known.keys().next().value;
      if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
      return corpus;
    },
  };
}

async function openCorpus(request: CorpusRequest, options: CorpusStoreOptions): Promise<Corpus> {
  const { engine, library, cacheFolder } = options;
  const { signal } = request;
  const files = await openCorpusFiles(request.paths, library, signal);
  const columns = new Map<string, string>();
  if (request.heads === null) for (const column of scoreColumnsOf(files)) columns.set(column, column);
  else for (const head of request.heads) columns.set(head, requireHead(files, head));
  const headColumns = [...new Set(columns.values())];
  const { facts, plans } = planCorpus(files, headColumns);
  const table = await buildScoreTable({
    engine,
    cacheFolder: await cacheFolder(),
    facts,
    plans,
    headColumns,
    signal,
    onProgress: request.onProgress,
    activities: options.activities,
  });
  return { table, files, columns };
}

/** Every data file of the paths, in their order, folders read by name. Throws when there is none. */
export async function openCorpusFiles(
  paths: readonly string[],
  library: DatasetLibrary,
  signal?: AbortSignal,
): Promise<readonly CorpusFile[]> {
  const found: string[] = [];
  for (const path of paths) {
    const { files } = await library.files(path, signal);
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
