// Routes of datasets: binds the contract to the services of this folder.
import type { OpenEvent } from '../../api/datasets.ts';
import { api, typedStream } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { spawnChild } from '../native/spawn-child.ts';
import { listFiles } from '../workspace/list-files.ts';
import { datasetCacheFolder } from './cache-folder.ts';
import { looksLikeDataset } from './detect.ts';
import { readDocument } from './document.ts';
import { createDatasetEngine } from './engine.ts';
import { readHeadRows } from './head-rows.ts';
import { readHistogram } from './histogram.ts';
import { createDatasetLibrary } from './library.ts';
import { type OpenProgress } from './open.ts';
import { readPage } from './page.ts';
import type { DatasetSource } from './source.ts';
import { viewRoutes } from './view-routes.ts';

export function datasetsRoutes(context: CoreContext) {
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
  });
  const root = () => context.workspace.require().path;
  const open = async (path: string, signal: AbortSignal | undefined): Promise<DatasetSource> =>
    library.open(await resolveInside(root(), path), signal);

  return {
    procedures: {
      list: api.datasets.list.handler(async ({ signal }) => {
        const { files } = await listFiles(root(), signal);
        return files.flatMap(({ path, kind, sizeBytes }) => {
          const format = kind === 'dataset' ? looksLikeDataset(path) : null;
          return format === null ? [] : [{ path, format, sizeBytes }];
        });
      }),
      open: api.datasets.open.handler(async ({ input, signal }) => {
        const path = await resolveInside(root(), input.path);
        if (input.skipDamaged === true) library.skipDamaged(path);
        return typedStream(openEvents(input.path, (onProgress) => library.open(path, signal, onProgress)));
      }),
      head: api.datasets.head.handler(async ({ input, signal }) => ({
        head: await readHeadRows(engine, await resolveInside(root(), input.path), signal),
      })),
      page: api.datasets.page.handler(async ({ input, signal }) =>
        readPage(engine, await open(input.path, signal), { ...input, signal }),
      ),
      document: api.datasets.document.handler(async ({ input, signal }) =>
        readDocument(engine, await open(input.path, signal), input.row, signal),
      ),
      histogram: api.datasets.histogram.handler(async ({ input, signal }) =>
        readHistogram(engine, await open(input.path, signal), { ...input, signal }),
      ),
      ...viewRoutes(context, { engine, library }),
    },
    /** For other nouns that read documents of data sets. */
    reading: { engine, library },
    dispose: () => engine.dispose(),
  };
}

/** The newest progress whenever the reader is ready for more, then the dataset. */
async function* openEvents(
  path: string,
  start: (onProgress: (progress: OpenProgress) => void) => Promise<DatasetSource>,
): AsyncGenerator<OpenEvent, void> {
  let newest: OpenProgress | null = null;
  let wake: () => void = () => undefined;
  const opening = start((progress) => {
    newest = progress;
    wake();
  });
  // The failure is thrown by the await below; this only keeps it from counting as unhandled meanwhile.
  opening.catch(() => undefined);
  for (;;) {
    const changed = new Promise<null>((resolve) => {
      wake = () => resolve(null);
    });
    const source = await Promise.race([opening, changed]);
    if (source !== null) {
      yield { kind: 'ready', dataset: { path, ...source.info } };
      return;
    }
    const progress: OpenProgress | null = newest;
    newest = null;
    if (progress !== null) yield { kind: 'progress', ...(progress as OpenProgress), rows: 0 };
  }
}
