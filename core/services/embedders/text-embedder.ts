// What every embedder is to the rest of the studio: texts in, vectors of length 1 out, and an identity that tells its vectors
// from those of any other. Knows no model.
import { setImmediate } from 'node:timers/promises';
import {
  builtinEmbedder,
  type EmbedderIdentity,
  MAX_BUILTIN_DIMENSIONS,
} from '../../lib/jql/builtin-embedder.ts';
import { MAX_FEATURE_CHARACTERS } from '../../lib/jql/hashed-ngrams.ts';
import { StudioError } from '../../api/errors.ts';

export type { EmbedderIdentity } from '../../lib/jql/builtin-embedder.ts';

/** Some of the texts of one call are done. */
export interface EmbeddedPart {
  /** Places in the list of texts. */
  readonly places: Uint32Array;
  /** One vector a place. */
  readonly vectors: Float32Array;
  /** Tokens that were read for it; 0 where none are counted. */
  readonly tokens: number;
}

export interface EmbedOptions {
  readonly signal?: AbortSignal | undefined;
  /** In the order the embedder likes; the next part waits for it. */
  readonly onPart?: ((part: EmbeddedPart) => Promise<void> | void) | undefined;
}

export interface TextEmbedder extends AsyncDisposable {
  readonly identity: EmbedderIdentity;
  /** Nothing behind this character can change a vector: longer texts may be cut there. */
  readonly maxCharacters: number;
  /** What a person should know about these vectors. */
  readonly warnings: readonly string[];
  /** `texts.length` × `identity.dimensions`, each vector of length 1. Throws StudioError, and AbortError when `signal` aborts. */
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array>;
}

/** Between two of these a cancel is heard: 32 long documents take about 0.1 s. */
const PART_DOCUMENTS = 32;

/** Hashed n-grams: no model, no download. Throws INVALID_INPUT for an impossible width. */
export function openBuiltinEmbedder(dimensions: number): TextEmbedder {
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MAX_BUILTIN_DIMENSIONS) {
    throw new StudioError('INVALID_INPUT', `The built-in embedder cannot make ${dimensions} values`, {
      hint: `It makes 1 to ${MAX_BUILTIN_DIMENSIONS}`,
    });
  }
  const { embed, ...identity } = builtinEmbedder(dimensions);
  return {
    identity,
    maxCharacters: MAX_FEATURE_CHARACTERS,
    warnings: [],
    async embed(texts, { signal, onPart } = {}) {
      const vectors = new Float32Array(texts.length * dimensions);
      for (let first = 0; first < texts.length; first += PART_DOCUMENTS) {
        const last = Math.min(texts.length, first + PART_DOCUMENTS);
        for (let index = first; index < last; index += 1) {
          embed(texts[index] ?? '', vectors.subarray(index * dimensions, (index + 1) * dimensions));
        }
        await setImmediate();
        signal?.throwIfAborted();
        await onPart?.({
          places: Uint32Array.from({ length: last - first }, (_, index) => first + index),
          vectors: vectors.subarray(first * dimensions, last * dimensions),
          tokens: 0,
        });
      }
      return vectors;
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
