// The embedder that needs no download, behind the shape every embedder has: text in, a vector out, and a name that tells its
// vectors from those of any other.
import { NGRAM_FEATURES_VERSION, writeNgramFeatures } from './hashed-ngrams.ts';

/** What identifies the vectors. Scores of different variants must never share one quantile. */
export interface EmbedderIdentity {
  readonly id: string;
  readonly variant: string;
  readonly dimensions: number;
  /** SHA-256 of the weights; null when there are none. */
  readonly sha256: string | null;
}

export interface Embedder extends EmbedderIdentity {
  /** Writes the vector of one document, L2-normalised, into `target`, which is `dimensions` long. */
  embed(text: string, target: Float32Array): void;
}

/** What the trainer writes into a head's metadata as `features`. */
export const BUILTIN_EMBEDDER_ID = 'hashed-ngrams';

/** More than the trainer offers would only be zeros. */
export const MAX_BUILTIN_DIMENSIONS = 65_536;

export function builtinEmbedder(dimensions: number): Embedder {
  return {
    id: BUILTIN_EMBEDDER_ID,
    variant: `v${NGRAM_FEATURES_VERSION}-${dimensions}`,
    dimensions,
    sha256: null,
    embed: writeNgramFeatures,
  };
}

/** Whether vectors of both may be mixed and compared. */
export function sameVectors(a: EmbedderIdentity, b: EmbedderIdentity): boolean {
  return a.id === b.id && a.variant === b.variant && a.dimensions === b.dimensions && a.sha256 === b.sha256;
}
