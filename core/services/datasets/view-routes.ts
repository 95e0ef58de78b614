// Routes of views: open, page, count and export some of the rows of a dataset.
import { basename } from 'node:path';
import type { ExportViewEvent, OpenViewEvent } from '../../api/datasets.ts';
import { StudioError } from '../../api/errors.ts';
import type { DatasetView } from '../../lib/datasets/view.ts';
import { api, typedStream } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { resolveInside, toWorkspacePath } from '../files/resolve-inside.ts';
import { progressEvents } from '../progress-events.ts';
import { readColumnValues } from './column-values.ts';
import type { DatasetEngine } from './engine.ts';
import { exportView } from './export-view.ts';
import type { DatasetLibrary } from './library.ts';
import type { DatasetSource } from './source.ts';
import { createViewRows, type ViewRows } from './view-rows.ts';

export function viewRoutes(
  context: CoreContext,
  { engine, library }: { readonly engine: DatasetEngine; readonly library: DatasetLibrary },
) {
  const views = createViewRows(engine);
  const root = () => context.workspace.require().path;
  const open = async (path: string, signal: AbortSignal | undefined): Promise<DatasetSource> =>
    library.open(await resolveInside(root(), path), signal);

  /** Row numbers mean nothing in a file that has other rows now. Throws CONFLICT. */
  const requireSame = async (viewId: string, signal: AbortSignal | undefined): Promise<void> => {
    const opened = views.sourceOf(viewId);
    const now = await library.open(opened.path, signal);
    if (now.modifiedMs === opened.modifiedMs && now.info.sizeBytes === opened.info.sizeBytes) return;
    throw new StudioError('CONFLICT', `${basename(opened.path)} changed since this view was opened`, {
      hint: 'Open the view again to see its rows as they are now',
      path: opened.path,
    });
  };

  return {
    openView: api.datasets.openView.handler(async ({ input, signal }) => {
      const source = await open(input.path, signal);
      return typedStream(openEvents(views, source, input.view, signal));
    }),
    viewPage: api.datasets.viewPage.handler(async ({ input, signal }) => {
      await requireSame(input.viewId, signal);
      return views.page(input.viewId, input, signal);
    }),
    viewPlace: api.datasets.viewPlace.handler(async ({ input, signal }) => {
      await requireSame(input.viewId, signal);
      return views.place(input.viewId, input.row, signal);
    }),
    viewHistogram: api.datasets.viewHistogram.handler(async ({ input, signal }) => {
      await requireSame(input.viewId, signal);
      return views.histogram(input.viewId, input, signal);
    }),
    closeView: api.datasets.closeView.handler(async ({ input }) => {
      await views.close(input.viewId);
      return {};
    }),
    values: api.datasets.values.handler(async ({ input, signal }) =>
      readColumnValues(engine, await open(input.path, signal), { ...input, signal }),
    ),
    exportView: api.datasets.exportView.handler(async ({ input, signal }) => {
      const output = await resolveInside(root(), input.output);
      const source = await open(input.path, signal);
      const { view, format, overwrite } = input;
      const nameOf = (path: string): string => toWorkspacePath(root(), path);
      return typedStream(
        exportEvents((onProgress) =>
          context.activities.run({ title: `Writing ${basename(output)}`, unit: 'rows', signal }, (activity) =>
            exportView({
              source,
              view,
              output,
              format,
              overwrite,
              engine,
              nameOf,
              signal: activity.signal,
              onProgress: (progress) => {
                activity.progress(progress.doneRows, progress.totalRows);
                onProgress(progress);
              },
            }),
          ),
        ),
      );
    }),
  };
}

async function* openEvents(
  views: ViewRows,
  source: DatasetSource,
  view: DatasetView,
  signal: AbortSignal | undefined,
): AsyncGenerator<OpenViewEvent, void> {
  const totalRows = source.info.rows;
  const events = progressEvents((onProgress) =>
    views.open(source, view, {
      signal,
      onProgress: (percent) => onProgress({ doneRows: Math.round((totalRows * percent) / 100), totalRows }),
    }),
  );
  for await (const event of events) {
    if (event.kind === 'progress') yield event;
    else yield { kind: 'ready', ...event.result };
  }
}

async function* exportEvents(
  start: (
    onProgress: (progress: { doneRows: number; totalRows: number }) => void,
  ) => ReturnType<typeof exportView>,
): AsyncGenerator<ExportViewEvent, void> {
  for await (const event of progressEvents(start)) {
    if (event.kind === 'progress') yield event;
    else yield { kind: 'done', ...event.result };
  }
}
