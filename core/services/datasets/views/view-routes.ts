// Routes of views: open, page, count and export some of the rows of a dataset.
import { basename } from 'node:path';
import type { ProfileEvent } from '../../../api/dataset-profile.ts';
import type { ExportViewEvent, OpenViewEvent } from '../../../api/dataset-rows.ts';
import { StudioError } from '../../../api/errors.ts';
import type { DatasetView } from '../../../lib/datasets/view.ts';
import { api } from '../../base.ts';
import type { CoreContext } from '../../context.ts';
import { resolveInside, toWorkspacePath } from '../../files/resolve-inside.ts';
import { progressEvents, type RowProgress } from '../../progress-events.ts';
import type { TokenWorkers } from '../../tokenizers/token-workers.ts';
import { datasetCacheFolder } from '../cache-folder.ts';
import { checkSql } from './check-sql.ts';
import { isAbout, readColumnValues } from './column-values.ts';
import type { DatasetEngine } from '../engine.ts';
import { exportView } from './export-view.ts';
import type { DatasetLibrary } from '../library.ts';
import type { DatasetSource } from '../source.ts';
import { createProfiles, type Profiles } from '../profile/profiles.ts';
import { createTokenSearch } from '../tokenized/search-tokens.ts';
import type { TokenRows } from '../tokenized/token-rows.ts';
import { createViewRows, type ViewRows } from './view-rows.ts';

export function viewRoutes(
  context: CoreContext,
  {
    engine,
    library,
    tokenRows,
    workers,
  }: {
    readonly engine: DatasetEngine;
    readonly library: DatasetLibrary;
    readonly tokenRows: TokenRows;
    readonly workers: TokenWorkers;
  },
) {
  const search = createTokenSearch({
    engine,
    workers,
    cacheFolder: () =>
      datasetCacheFolder(context.workspace.current?.path ?? null, context.options.stateFolder),
    tokenizerOf: (source, file, work) => tokenRows.tokenizerOf(source, file.firstRow, work),
  });
  const views = createViewRows(engine, search);
  const profiles = createProfiles({
    engine,
    views,
    cacheFolder: () =>
      datasetCacheFolder(context.workspace.current?.path ?? null, context.options.stateFolder),
  });
  const root = () => context.workspace.require().path;
  const open = async (path: string, signal: AbortSignal | undefined): Promise<DatasetSource> =>
    library.open(await resolveInside(root(), path), signal);

  /** Row numbers mean nothing in a file that has other rows now. Throws CONFLICT. */
  const requireSame = async (viewId: string, signal: AbortSignal | undefined): Promise<void> => {
    const opened = views.sourceOf(viewId);
    const now = await library.open(opened.path, signal);
    if (now.stamp === opened.stamp) return;
    throw new StudioError('CONFLICT', `${basename(opened.path)} changed since this view was opened`, {
      hint: 'Open the view again to see its rows as they are now',
      path: opened.path,
    });
  };

  const tokenizerAt = async (path: string | undefined): Promise<string | null> =>
    path === undefined ? null : resolveInside(root(), path);
  /** How words are found in the decoded text of a source. */
  const finder =
    (source: DatasetSource, tokenizer: string | null, signal: AbortSignal | undefined) => (words: string) =>
      search.find(source, words, { tokenizer, signal });

  return {
    openView: api.datasets.openView.handler(async ({ input, signal }) => {
      const source = await open(input.path, signal);
      const tokenizer = await tokenizerAt(input.tokenizer);
      return openEvents(views, source, input.view, { tokenizer, signal });
    }),
    viewPage: api.datasets.viewPage.handler(async ({ input, signal }) => {
      await requireSame(input.viewId, signal);
      const page = await views.page(input.viewId, input, signal);
      const options = { tokenizer: await tokenizerAt(input.tokenizer), signal };
      const rows = await tokenRows.fill(views.sourceOf(input.viewId), page, page.rowNumbers, options);
      return { ...page, rows };
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
    values: api.datasets.values.handler(async ({ input, signal }) => {
      const source = await open(input.path, signal);
      const { viewId, column, part } = input;
      const findDecoded = finder(source, await tokenizerAt(input.tokenizer), signal);
      const request = { ...input, signal, findDecoded };
      const isNarrowed = input.view.filters.some((filter) => isAbout(filter, column, part));
      if (viewId === undefined || isNarrowed) return readColumnValues(engine, source, request);
      await requireSame(viewId, signal);
      return views.among(viewId, null, signal, ({ relation }) =>
        readColumnValues(engine, source, { ...request, among: relation }),
      );
    }),
    checkSql: api.datasets.checkSql.handler(async ({ input, signal }) =>
      checkSql(engine, await open(input.path, signal), { ...input, signal }),
    ),
    profile: api.datasets.profile.handler(async ({ input, signal }) => {
      const source = await open(input.path, signal);
      if (input.viewId !== null) await requireSame(input.viewId, signal);
      return profileEvents((onProgress) => {
        const read = (on: AbortSignal | undefined, say: typeof onProgress) =>
          profiles.read(source, { ...input, signal: on, onProgress: say });
        // A look at the first rows is no work that a person waits for.
        if (input.firstRows !== null) return read(signal, onProgress);
        return context.activities.run(
          { title: `Profile of ${basename(source.path)}`, unit: 'rows', signal },
          (activity) =>
            read(activity.signal, (progress) => {
              activity.progress(progress.doneRows, progress.totalRows);
              onProgress(progress);
            }),
        );
      });
    }),
    exportView: api.datasets.exportView.handler(async ({ input, signal }) => {
      const output = await resolveInside(root(), input.output);
      const source = await open(input.path, signal);
      const { view, format, overwrite } = input;
      const tokenizer = await tokenizerAt(input.tokenizer);
      const nameOf = (path: string): string => toWorkspacePath(root(), path);
      return exportEvents((onProgress) =>
        context.activities.run(
          { title: `Writing ${basename(output)}`, unit: 'rows', signal, outlives: true },
          (activity) =>
            exportView({
              source,
              view,
              output,
              format,
              overwrite,
              engine,
              nameOf,
              findDecoded: finder(source, tokenizer, activity.signal),
              signal: activity.signal,
              onProgress: (progress) => {
                activity.progress(progress.doneRows, progress.totalRows);
                onProgress(progress);
              },
            }),
        ),
      );
    }),
  };
}

async function* openEvents(
  views: ViewRows,
  source: DatasetSource,
  view: DatasetView,
  { tokenizer, signal }: { readonly tokenizer: string | null; readonly signal: AbortSignal | undefined },
): AsyncGenerator<OpenViewEvent, void> {
  const totalRows = source.info.rows;
  const events = progressEvents((onProgress) =>
    views.open(source, view, {
      tokenizer,
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

async function* profileEvents(
  start: (onProgress: (progress: RowProgress) => void) => ReturnType<Profiles['read']>,
): AsyncGenerator<ProfileEvent, void> {
  for await (const event of progressEvents(start)) {
    if (event.kind === 'progress') yield event;
    else yield { kind: 'ready', profile: event.result };
  }
}
