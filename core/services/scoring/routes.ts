// Routes of scoring: binds the contract to the services of this folder.
import { basename } from 'node:path';
import type { ScoreEvent } from '../../api/scoring.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { type EmbedderReading, choiceInside } from '../embedders/routes.ts';
import { type EmbedderChoice, openEmbedder } from '../embedders/open-embedder.ts';
import { resolveInside, toWorkspacePath } from '../files/resolve-inside.ts';
import { requireFree } from '../files/whole-output.ts';
import { progressEvents } from '../progress-events.ts';
import type { HeadRequest } from './head-sources.ts';
import { createHeadList } from './list-heads.ts';
import { previewScores } from './preview-scores.ts';
import { scoreFile, type Scored } from './score-file.ts';
import type { ScoreProgress } from './score-rows.ts';

export function scoringRoutes(context: CoreContext, { engine, library }: EmbedderReading) {
  const { appFolder } = context.options;
  const headList = createHeadList();
  const root = () => context.workspace.require().path;
  const insideAll = (workspace: string, heads: readonly HeadRequest[]) =>
    Promise.all(heads.map(async ({ name, path }) => ({ name, path: await resolveInside(workspace, path) })));
  const opening = (workspace: string, choice: EmbedderChoice, signal: AbortSignal | undefined) =>
    choice.kind === 'builtin'
      ? null
      : () => openEmbedder({ choice, appFolder, cacheRoot: workspace, signal });
  return {
    procedures: {
      heads: api.scoring.heads.handler(({ signal }) => headList.list(root(), signal)),
      preview: api.scoring.preview.handler(async ({ input, signal }) => {
        const workspace = root();
        const choice = await choiceInside(workspace, input.embedder);
        return previewScores({
          path: await resolveInside(workspace, input.path),
          heads: await insideAll(workspace, input.heads),
          textColumn: input.textColumn,
          firstRow: input.firstRow,
          rows: input.rows,
          openEmbedder: opening(workspace, choice, signal),
          appFolder,
          engine,
          library,
          signal,
        });
      }),
      score: api.scoring.score.handler(async ({ input, signal }) => {
        const workspace = root();
        const path = await resolveInside(workspace, input.path);
        const output = await resolveInside(workspace, input.output);
        if (!input.overwrite) await requireFree(output);
        const heads = await insideAll(workspace, input.heads);
        const choice = await choiceInside(workspace, input.embedder);
        const start = (onProgress: (progress: ScoreProgress) => void) =>
          context.activities.run(
            { title: `Scoring ${basename(path)}`, unit: 'documents', signal, outlives: true },
            (activity) =>
              scoreFile({
                path,
                heads,
                output,
                engine,
                library,
                appFolder,
                textColumn: input.textColumn,
                openEmbedder: opening(workspace, choice, activity.signal),
                nameOf: (name) => toWorkspacePath(workspace, name),
                signal: activity.signal,
                onProgress: (progress) => {
                  activity.progress(progress.doneRows, progress.totalRows);
                  onProgress(progress);
                },
              }),
          );
        return scoreEvents(start);
      }),
    },
    dispose: async () => {},
  };
}

async function* scoreEvents(
  start: (onProgress: (progress: ScoreProgress) => void) => Promise<Scored>,
): AsyncGenerator<ScoreEvent, void> {
  for await (const event of progressEvents<Scored, ScoreProgress>(start)) {
    if (event.kind === 'progress') yield event;
    else {
      const { columns, folderColumns, warnings, ...scored } = event.result;
      yield {
        kind: 'done',
        ...scored,
        columns: [...columns],
        folderColumns: [...folderColumns],
        warnings: [...warnings],
      };
    }
  }
}
