// The models of an evaluation on this computer: those that were chosen, and other types of their weights, made when their turn comes.
import { stat } from 'node:fs/promises';
import type { EvaluationRequest } from '../../../api/evaluation-runs.ts';
import { StudioError } from '../../../api/errors.ts';
import type { WeightType } from '../../../lib/conversion/gguf-metadata.ts';
import { resolveInside } from '../../files/resolve-inside.ts';
import { makeType, outputOf, type TypeMaking } from '../../quantizations/make-type.ts';

export interface ModelOfRun {
  /** Of the workspace; a type that is yet to be made lies beside what it is made of. */
  readonly path: string;
  /** Null for a model that was chosen. */
  readonly made: { readonly of: string; readonly type: WeightType } | null;
}

/** Each once, the types of a model after it. */
export function modelsOfRun({
  models,
  types,
}: Pick<EvaluationRequest, 'models' | 'types'>): readonly ModelOfRun[] {
  const found = new Map<string, ModelOfRun>();
  const chosen = new Set(models);
  for (const path of models) {
    found.set(path, { path, made: null });
    for (const type of new Set(types)) {
      const other = outputOf(path, type);
      if (!chosen.has(other) && !found.has(other))
        found.set(other, { path: other, made: { of: path, type } });
    }
  }
  return [...found.values()];
}

/** Makes a type that is not there. NOT_FOUND where no weights are known to make it of. */
export async function ensureModel(
  { path, made }: ModelOfRun,
  making: TypeMaking & { readonly onStart: (what: string) => void },
): Promise<void> {
  if (made === null || (await isThere(making.root, path))) return;
  making.onStart(`Making ${made.type.toUpperCase()} of ${made.of}`);
  try {
    await makeType({ path: made.of, type: made.type, source: null }, making);
  } catch (error) {
    // Somebody else made it meanwhile.
    if (error instanceof StudioError && error.code === 'ALREADY_EXISTS') return;
    throw error;
  }
}

async function isThere(root: string, path: string): Promise<boolean> {
  return stat(await resolveInside(root, path)).then(
    (info) => info.isFile(),
    () => false,
  );
}
