// Routes of datasets: binds the contract to the services of this folder.
import type { DatasetInfo, DatasetSummary } from '../../api/dataset-shape.ts';
import type { OpenEvent } from '../../api/datasets.ts';
import { dataFolders } from '../../lib/datasets/data-folders.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { spawnChild } from '../native/spawn-child.ts';
import { progressEvents } from '../progress-events.ts';
import type { TokenWorkers } from '../tokenizers/token-workers.ts';
import { listFiles } from '../workspace/list-files.ts';
import { datasetCacheFolder } from './cache-folder.ts';
import { damageChoicesOf } from './damage-choices.ts';
import { looksLikeDataset } from './detect.ts';
import { readDocument } from './document.ts';
import { createDatasetEngine } from './engine.ts';
import { readHeadRows } from './head-rows.ts';
import { readHistogram } from './views/histogram.ts';
import { createDatasetLibrary } from './library.ts';
import { type OpenProgress } from './open.ts';
import { readPage } from './page.ts';
import type { DatasetSource } from './source.ts';
import { createTokenRows } from './tokenized/token-rows.ts';
import { viewRoutes } from './views/view-routes.ts';

/** What rows of tokenized files need. */
export interface TokenizerAccess {
  readonly workers: TokenWorkers;
  /** Tokenizers of the workspace, absolute. */
  readonly known: (signal: AbortSignal | undefined) => Promise<readonly string[]>;
}

/** What people and judges said of documents has views of its own; it is opened as data by its path. */
const ownRecords = /^(annotations|judgements)\//;

export function datasetsRoutes(context: CoreContext, tokenizers: TokenizerAccess) {
  const { appFolder, stateFolder } = context.options;
  const engine = createDatasetEngine({
    spawn: () => spawnChild(appFolder, 'native-duckdb'),
    onDeath: (reason) =>
      context.notices.post({
        severity: 'warning',
        title: 'The process that reads data ended',
        detail: `It ended with ${reason}. Nothing else was affected; the next look at data starts it again.`,
      }),
  });
  const library = createDatasetLibrary({
    engine,
    spawnArrow: () => spawnChild(appFolder, 'native-arrow'),
    cacheFolder: () => datasetCacheFolder(context.workspace.current?.path ?? null, stateFolder),
    root: () => context.workspace.current?.path ?? null,
    activities: context.activities,
    damage: damageChoicesOf(context),
  });
  const heads = {
    engine,
    library,
    cacheFolder: () => datasetCacheFolder(context.workspace.current?.path ?? null, stateFolder),
    spawnArrow: () => spawnChild(appFolder, 'native-arrow'),
  };
  const root = () => context.workspace.require().path;
  const open = async (path: string, signal: AbortSignal | undefined): Promise<DatasetSource> =>
    library.open(await resolveInside(root(), path), signal);

  const tokenRows = createTokenRows({
    workers: tokenizers.workers,
    root: () => context.workspace.current?.path ?? null,
    known: tokenizers.known,
  });
  /** The tokenizer that was asked for, and the signal: how rows of tokenized files get their text. */
  const decoding = async (tokenizer: string | undefined, signal: AbortSignal | undefined) => ({
    tokenizer: tokenizer === undefined ? null : await resolveInside(root(), tokenizer),
    signal,
  });
  const listed = async (signal: AbortSignal | undefined): Promise<DatasetSummary[]> => {
    const { files } = await listFiles(root(), signal);
    return files.flatMap(({ path, kind, sizeBytes }) => {
      if (ownRecords.test(path)) return [];
      const format = kind === 'dataset' ? looksLikeDataset(path) : null;
      return format === null ? [] : [{ path, format, sizeBytes }];
    });
  };

  return {
    procedures: {
      list: api.datasets.list.handler(({ signal }) => listed(signal)),
      folders: api.datasets.folders.handler(async ({ signal }) => {
        const found = await listed(signal);
        // The list of the data view asks for these: whoever sees data sets there opens one next.
        if (found.length > 0) engine.prepare();
        return [...dataFolders(found)];
      }),
      open: api.datasets.open.handler(async ({ input, signal }) => {
        const path = await resolveInside(root(), input.path);
        if (input.skipDamaged === true) library.skipDamaged(path);
        return openEvents(input.path, {
          start: (onProgress) => library.open(path, signal, onProgress),
          describe: (source) => tokenRows.describe(source, signal),
        });
      }),
      head: api.datasets.head.handler(async ({ input, signal }) => ({
        head: await readHeadRows(heads, await resolveInside(root(), input.path), signal),
      })),
      page: api.datasets.page.handler(async ({ input, signal }) => {
        const source = await open(input.path, signal);
        const page = await readPage(engine, source, { ...input, signal });
        const numbers = page.rows.map((_, index) => page.firstRow + index);
        const rows = await tokenRows.fill(source, page, numbers, await decoding(input.tokenizer, signal));
        return { ...page, rows };
      }),
      document: api.datasets.document.handler(async ({ input, signal }) => {
        const source = await open(input.path, signal);
        const document = await readDocument(engine, source, input.row, signal);
        return tokenRows.fillDocument(source, document, await decoding(input.tokenizer, signal));
      }),
      rowTokens: api.datasets.rowTokens.handler(async ({ input, signal }) =>
        tokenRows.place(await open(input.path, signal), input.row, await decoding(input.tokenizer, signal)),
      ),
      histogram: api.datasets.histogram.handler(async ({ input, signal }) =>
        readHistogram(engine, await open(input.path, signal), { ...input, signal }),
      ),
      ...viewRoutes(context, { engine, library, tokenRows, workers: tokenizers.workers }),
    },
    /** For other nouns that read documents of data sets. */
    reading: { engine, library },
    dispose: () => engine.dispose(),
  };
}

/** The newest progress whenever the reader is ready for more, then the dataset. */
async function* openEvents(
  path: string,
  {
    start,
    describe,
  }: {
    readonly start: (onProgress: (progress: OpenProgress) => void) => Promise<DatasetSource>;
    readonly describe: (source: DatasetSource) => Promise<DatasetInfo['tokens']>;
  },
): AsyncGenerator<OpenEvent, void> {
  for await (const event of progressEvents<DatasetSource, OpenProgress>(start)) {
    if (event.kind === 'progress') {
      yield { ...event, rows: 0 };
      continue;
    }
    const tokens = await describe(event.result);
    yield { kind: 'ready', dataset: { path, ...event.result.info, ...(tokens ? { tokens } : {}) } };
  }
}
