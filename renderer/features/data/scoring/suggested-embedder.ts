// Which embedder a head means: the one that it says it was trained over, if the workspace has it. Pure.
import type { EmbedderRef, EmbedderSummary } from '../../../../core/api/embedders.ts';
import type { HeadSummary } from '../../../../core/api/scoring.ts';

/** The built-in one where the head says nothing, or nothing that is here: scoring then says what is missing. */
export function suggestedEmbedder(
  head: HeadSummary | undefined,
  embedders: readonly EmbedderSummary[],
): EmbedderRef {
  const found = embedders.find(
    ({ id, dimensions, problem }) =>
      problem === null && id === head?.embedder && (dimensions === null || dimensions === head.inputs),
  );
  return found
    ? { kind: 'model', path: found.path, variant: null, maxLength: null }
    : { kind: 'builtin', dimensions: null };
}
