// Curves of the open workspace: which files a source means, and answers about them.
import { stat } from 'node:fs/promises';
import { StudioError } from '../../api/errors.ts';
import type {
  ColumnsHeader,
  LogChunk,
  LogFile,
  OverviewRequest,
  SeriesSource,
  SeriesState,
} from '../../api/series.ts';
import { packColumns } from '../../rpc/columns.ts';
import { isOver } from '../../lib/runs/run-state.ts';
import type { CoreContext } from '../context.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { createLatestReader } from '../runs/latest.ts';
import { readRunFolder } from '../runs/run-folder.ts';
import { streamAfter } from '../signal-bus.ts';
import { type ChunkRange, readLogChunk } from './log-chunk.ts';
import { curveFilesOf } from './curve-files.ts';
import { listRunLogs, runLogPath } from './run-logs.ts';
import { createOverviews } from './overviews.ts';
import { createSourcePool } from './source-pool.ts';
import type { SourceFiles } from './source.ts';

const noPoints = { steps: new Float64Array(), values: new Float64Array() };
/** Only to save looking for files: forgotten, they are looked for. */
const MAX_KEYS = 1000;
/** At most ten states a second. */
const STATE_INTERVAL_MS = 100;

export interface ColumnRequest {
  readonly source: SeriesSource;
  readonly tags: readonly string[];
  readonly after: Readonly<Record<string, number>>;
}

export interface SeriesService {
  watch(source: SeriesSource, signal: AbortSignal | undefined): AsyncGenerator<SeriesState, void>;
  /** A `columnsHeader` and its numbers. */
  columns(request: ColumnRequest): Promise<Blob>;
  /** An `overviewHeader` and its numbers. */
  overview(request: OverviewRequest, signal: AbortSignal | undefined): Promise<Blob>;
  logFiles(source: SeriesSource): Promise<{ files: LogFile[]; left: number }>;
  log(source: SeriesSource, range: ChunkRange & { readonly file?: string | undefined }): Promise<LogChunk>;
  readonly openSources: number;
  dispose(): Promise<void>;
}

export function createSeriesService(context: CoreContext): SeriesService {
  const pool = createSourcePool();
  const latestOf = createLatestReader();

  const fileOf = async (path: string): Promise<string> => {
    const real = await resolveInside(context.workspace.require().path, path);
    if ((await stat(real)).isFile()) return real;
    throw new StudioError('INVALID_INPUT', `${path} is not a file`, {
      hint: 'Choose a log file',
      path: real,
    });
  };
  const folderOf = async (id: string): Promise<string> => {
    const folder = await resolveInside(context.workspace.require().path, `runs/${id}`);
    if (await stat(folder).catch(() => null)) return folder;
    throw new StudioError('NOT_FOUND', `There is no run “${id}” in this workspace`, {
      hint: 'It may have been removed: choose another one',
    });
  };
  const filesOf = async (source: SeriesSource): Promise<SourceFiles> => {
    const root = context.workspace.require().path;
    if (source.kind === 'file') {
      return { files: [{ path: await fileOf(source.path), prefix: '' }], isOver: async () => false };
    }
    const folder = await folderOf(source.id);
    return {
      files: await curveFilesOf(folder),
      async isOver() {
        const reading = await readRunFolder(root, source.id, latestOf).catch(() => null);
        return reading === null || isOver(reading.run.state);
      },
    };
  };
  /** Under which key a source was opened last. */
  const keys = new Map<string, string>();
  const nameOf = (source: SeriesSource) => JSON.stringify([context.workspace.require().path, source]);
  const leaseOf = async (source: SeriesSource) => {
    const name = nameOf(source);
    const files = await filesOf(source);
    const key = files.files.map(({ path }) => path).join('\0');
    if (keys.size >= MAX_KEYS) keys.clear();
    keys.set(name, key);
    return pool.lease(key, files);
  };
  /** A source that a window follows is open: its files need not be looked for again. */
  const leaseOpenOr = async (source: SeriesSource) =>
    pool.leaseOpen(keys.get(nameOf(source)) ?? '') ?? (await leaseOf(source));

  const overviews = createOverviews(leaseOpenOr);

  return {
    async *watch(source, signal) {
      using lease = await leaseOf(source);
      const states = streamAfter(lease.source.changes, () => [lease.source.state()], {
        signal,
        keyOf: () => 'state',
        intervalMs: STATE_INTERVAL_MS,
      });
      for await (const state of states) {
        yield state;
        if (state.ended) return;
      }
    },
    async columns({ source, tags, after }) {
      using lease = await leaseOf(source);
      if (lease.isFirst) await lease.source.catchUp();
      const { generation } = lease.source.state();
      const parts = tags.map((tag) => {
        const column = lease.source.column(tag);
        const first = Math.min(after[tag] ?? 0, column?.length ?? 0);
        const { steps, values } = column?.view() ?? noPoints;
        return { tag, first, steps: steps.subarray(first), values: values.subarray(first) };
      });
      const header: ColumnsHeader = {
        generation,
        columns: parts.map(({ tag, first, steps }) => ({ tag, first, count: steps.length })),
      };
      return packColumns(
        header,
        parts.flatMap(({ steps, values }) => [steps, values]),
      );
    },
    overview: (request, signal) => overviews.answer(request, signal),
    async logFiles(source) {
      if (source.kind === 'run') return listRunLogs(await folderOf(source.id));
      const { size, mtimeMs } = await stat(await fileOf(source.path));
      const named = { kind: 'main', task: null, rank: null, node: null } as const;
      return { files: [{ name: source.path, sizeBytes: size, modifiedMs: mtimeMs, ...named }], left: 0 };
    },
    async log(source, { file, ...range }) {
      const path =
        source.kind === 'run' ? await runLogPath(await folderOf(source.id), file) : await fileOf(source.path);
      return readLogChunk(path, range);
    },
    get openSources() {
      return pool.openCount;
    },
    dispose: () => pool.dispose(),
  };
}
