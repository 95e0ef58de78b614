// The embedding models of the workspace as choices of a list, one a variant.
import type { EmbedderSummary } from '../../../../core/api/embedders.ts';

export interface ModelChoice {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly isDisabled: boolean;
  readonly path: string;
  readonly variant: string | null;
}

/** One choice a file of a model: vectors of different variants are different embedders. */
export function modelChoices(embedders: readonly EmbedderSummary[]): readonly ModelChoice[] {
  return embedders.flatMap(({ id, path, problem, variants }): readonly ModelChoice[] => {
    if (problem !== null) {
      return [{ id: path, label: id, detail: problem, isDisabled: true, path, variant: null }];
    }
    return variants.map(({ name }) => ({
      id: `${path}#${name}`,
      label: `${id} · ${name}`,
      detail: path,
      isDisabled: false,
      path,
      variant: name,
    }));
  });
}
