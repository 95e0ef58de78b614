// Which model a name means: `latest`, the path of a model in the workspace, or its file name.
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ModelSummary } from '../../api/models.ts';
import { ApiError } from './api-error.ts';

export const LATEST = 'latest';

export interface ServedModel {
  /** What programs call it. */
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  readonly changedMs: number;
}

export interface ServedModels {
  /** Newest first; where there are models of checkpoints, those come before others. */
  list(): Promise<readonly ServedModel[]>;
}

/** The models of a workspace, asked again for each request: a new checkpoint is `latest` at once. */
export function workspaceModels(
  root: () => string,
  list: (root: string) => Promise<readonly ModelSummary[]>,
): ServedModels {
  return {
    async list() {
      const folder = root();
      const usable = (await list(folder)).filter(({ problem }) => problem === null);
      const found = await Promise.all(
        usable.map(async ({ path, origin }) => {
          const changedMs = await stat(join(folder, path)).then(
            ({ mtimeMs }) => mtimeMs,
            () => 0,
          );
          return { id: path, path: join(folder, path), changedMs, isCheckpoint: origin !== null };
        }),
      );
      return found.sort(
        (left, right) =>
          Number(right.isCheckpoint) - Number(left.isCheckpoint) || right.changedMs - left.changedMs,
      );
    },
  };
}

/** Throws ApiError 404. */
export async function findModel(models: ServedModels, name: string): Promise<ServedModel> {
  const all = await models.list();
  const wanted = name.trim();
  const found =
    wanted === LATEST || wanted === ''
      ? all[0]
      : (all.find(({ id }) => id === wanted) ??
        all.find(({ id }) => basename(id) === wanted || basename(id).replace(/\.gguf$/i, '') === wanted));
  if (found !== undefined) return found;
  throw new ApiError(404, `There is no model ${JSON.stringify(name)} here; /v1/models lists them`, {
    code: 'model_not_found',
    parameter: 'model',
  });
}
