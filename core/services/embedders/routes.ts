// Routes of embedders: binds the contract to the services of this folder.
import { basename } from 'node:path';
import type { EmbedderRef, EmbedSetEvent, PullEvent } from '../../api/embedders.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import type { DatasetEngine } from '../datasets/engine.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { resolveInside, toWorkspacePath } from '../files/resolve-inside.ts';
import { progressEvents } from '../progress-events.ts';
import type { EmbedProgress } from './embed-rows.ts';
import { embedSet } from './embed-set.ts';
import { hubEndpoint, hubToken } from './hub-client.ts';
import { listEmbedders } from './list-embedders.ts';
import { type EmbedderChoice, openEmbedder } from './open-embedder.ts';
import { folderOfModel, type PulledModel, pullModel } from './pull-model.ts';
import type { TextEmbedder } from './text-embedder.ts';

export interface EmbedderReading {
  readonly engine: DatasetEngine;
  readonly library: DatasetLibrary;
}

/** What a window chose, with the folder on disk. */
export async function choiceInside(root: string, embedder: EmbedderRef): Promise<EmbedderChoice> {
  if (embedder.kind === 'builtin') return embedder;
  const { variant, maxLength } = embedder;
  return { kind: 'model', folder: await resolveInside(root, embedder.path), variant, maxLength };
}

export function embeddersRoutes(context: CoreContext, { engine, library }: EmbedderReading) {
  const { appFolder } = context.options;
  const root = () => context.workspace.require().path;
  const open = async (embedder: EmbedderRef, signal: AbortSignal): Promise<TextEmbedder> =>
    openEmbedder({ choice: await choiceInside(root(), embedder), appFolder, cacheRoot: root(), signal });

  return {
    procedures: {
      list: api.embedders.list.handler(({ signal }) => listEmbedders(root(), signal)),
      embedSet: api.embedders.embedSet.handler(async ({ input, signal }) => {
        const path = await resolveInside(root(), input.path);
        const output = await resolveInside(root(), input.output);
        const workspace = root();
        const start = (onProgress: (progress: EmbedProgress) => void) =>
          context.activities.run(
            { title: `Embedding ${basename(path)}`, unit: 'documents', signal, outlives: true },
            async (activity) => {
              await using embedder = await open(input.embedder, activity.signal);
              return await embedSet({
                ...input,
                path,
                output,
                embedder,
                engine,
                library,
                nameOf: (name) => toWorkspacePath(workspace, name),
                signal: activity.signal,
                onProgress: (progress) => {
                  activity.progress(progress.doneRows, progress.totalRows);
                  onProgress(progress);
                },
              });
            },
          );
        return embedSetEvents(start);
      }),
      pull: api.embedders.pull.handler(async ({ input, signal }) => {
        const workspace = root();
        const folder = await resolveInside(workspace, `models/${folderOfModel(input.id)}`);
        const start = (onProgress: (progress: PullProgress) => void) =>
          context.activities.run(
            { title: `Downloading ${input.id}`, unit: 'bytes', signal, outlives: true },
            async (activity) => {
              const pulled = await pullModel({
                id: input.id,
                revision: input.revision ?? 'main',
                variant: input.variant,
                folder,
                access: { endpoint: hubEndpoint(), token: input.token ?? (await hubToken()) },
                signal: activity.signal,
                onProgress: (doneBytes, totalBytes) => {
                  activity.progress(doneBytes, totalBytes);
                  onProgress({ doneBytes, totalBytes });
                },
              });
              return { ...pulled, folder: toWorkspacePath(workspace, pulled.folder) };
            },
          );
        return pullEvents(start);
      }),
    },
    dispose: async () => {},
  };
}

interface PullProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

async function* pullEvents(
  start: (onProgress: (progress: PullProgress) => void) => Promise<PulledModel>,
): AsyncGenerator<PullEvent, void> {
  for await (const event of progressEvents<PulledModel, PullProgress>(start)) {
    if (event.kind === 'progress') yield event;
    else {
      const { folder, files, ...pulled } = event.result;
      yield { kind: 'done', ...pulled, path: folder, files: [...files] };
    }
  }
}

async function* embedSetEvents(
  start: (onProgress: (progress: EmbedProgress) => void) => ReturnType<typeof embedSet>,
): AsyncGenerator<EmbedSetEvent, void> {
  for await (const event of progressEvents<Awaited<ReturnType<typeof embedSet>>, EmbedProgress>(start)) {
    if (event.kind === 'progress') yield event;
    else
      yield {
        kind: 'done',
        ...event.result,
        languages: [...event.result.languages],
        warnings: [...event.result.warnings],
      };
  }
}
