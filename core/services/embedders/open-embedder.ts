// One door to every embedder: `builtin`, or a folder with an ONNX model. Models come with their cache; hashed n-grams are faster
// than a cache would be.
import { cachedEmbedder } from './cached-embedder.ts';
import { EmbeddingCache } from './embedding-cache.ts';
import { openOnnxEmbedder } from './onnx-embedder.ts';
import { openBuiltinEmbedder, type TextEmbedder } from './text-embedder.ts';

/** What a head is trained over unless a person says otherwise. */
export const DEFAULT_BUILTIN_DIMENSIONS = 512;

export type EmbedderChoice =
  /** `dimensions` null: the default width. */
  | { readonly kind: 'builtin'; readonly dimensions: number | null }
  | {
      readonly kind: 'model';
      /** Absolute. */
      readonly folder: string;
      /** Null: the most exact file there is. */
      readonly variant: string | null;
      /** Tokens; null: all the model allows. */
      readonly maxLength: number | null;
    };

export interface OpenEmbedderOptions {
  readonly choice: EmbedderChoice;
  readonly appFolder: string;
  /** Where `.studio/cache/embeddings` lies: the workspace, or the state folder. Null: nothing is kept. */
  readonly cacheRoot: string | null;
  readonly threads?: number | undefined;
  readonly batchTokens?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onDeath?: ((reason: string) => void) | undefined;
}

/** Closed with `await using`. Throws StudioError, and AbortError when `signal` aborts. */
export async function openEmbedder(options: OpenEmbedderOptions): Promise<TextEmbedder> {
  const { choice, cacheRoot, ...rest } = options;
  if (choice.kind === 'builtin') return openBuiltinEmbedder(choice.dimensions ?? DEFAULT_BUILTIN_DIMENSIONS);
  const model = await openOnnxEmbedder({ ...rest, ...choice });
  if (cacheRoot === null) return model;
  try {
    return cachedEmbedder(model, await EmbeddingCache.open(cacheRoot, model.identity));
  } catch (error) {
    await model[Symbol.asyncDispose]();
    throw error;
  }
}
