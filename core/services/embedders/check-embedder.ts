// Whether an embedder works here, and about how fast: loads it and embeds a sample.
import { openEmbedder, type OpenEmbedderOptions } from './open-embedder.ts';
import type { EmbedderIdentity } from './text-embedder.ts';

const SAMPLE =
  'The valley was carved by a glacier, and the river that drains it now carries little of that water. ';
/** Some hundred tokens each, so that a batch is filled. */
const SAMPLE_DOCUMENTS = 8;

export interface EmbedderCheck {
  readonly identity: EmbedderIdentity;
  readonly warnings: readonly string[];
  /** To load the model and hash its file. */
  readonly loadMs: number;
  /** Over a few hundred words of sample text. */
  readonly tokensPerSecond: number;
}

/** Throws what `openEmbedder` throws. Nothing is kept. */
export async function checkEmbedder(options: Omit<OpenEmbedderOptions, 'cacheRoot'>): Promise<EmbedderCheck> {
  const startMs = performance.now();
  await using embedder = await openEmbedder({ ...options, cacheRoot: null });
  const loadMs = performance.now() - startMs;
  const texts = Array.from({ length: SAMPLE_DOCUMENTS }, (_, index) => `${index} ${SAMPLE.repeat(6)}`);
  const embedMs = performance.now();
  let tokens = 0;
  await embedder.embed(texts, { signal: options.signal, onPart: (part) => void (tokens += part.tokens) });
  const seconds = (performance.now() - embedMs) / 1000;
  return {
    identity: embedder.identity,
    warnings: [...embedder.warnings],
    loadMs,
    tokensPerSecond: Math.round(tokens / seconds),
  };
}
