// How many tokens texts have, counted in the token children and never in core.
import { setMaxListeners } from 'node:events';
import type { TokenWorkers } from './token-workers.ts';

/** A tenth of a second or so of work: small enough to cancel and to share out, large enough to be worth the way. */
const BATCH_CHARACTERS = 65_536;
const BATCH_TEXTS = 1024;

export interface CountOptions {
  readonly signal?: AbortSignal | undefined;
  /** Count what the post-processor adds too (`<s> … </s>`); left out unless asked for. */
  readonly special?: boolean;
  readonly onProgress?: (doneTexts: number) => void;
}

/**
 * Tokens of each text by the tokenizer.json (or its folder) at the absolute path; ids as the Python library has them, so the
 * counts are equal too. Memory stays at the texts handed in: for a corpus, call it with some thousand texts at a time.
 * Throws what loading a tokenizer throws, RUNTIME_DIED, and the signal's reason.
 */
export async function countTokens(
  workers: TokenWorkers,
  texts: readonly string[],
  tokenizerPath: string,
  options: CountOptions = {},
): Promise<Uint32Array> {
  const { signal, special = false, onProgress } = options;
  const counts = new Uint32Array(texts.length);
  let done = 0;
  const failed = new AbortController();
  const either = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  setMaxListeners(0, either);
  const waiting = batches(texts)[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (const { first, end } of waiting) {
      const answer = await workers.ask(
        { kind: 'count', path: tokenizerPath, texts: texts.slice(first, end), special },
        { signal: either },
      );
      counts.set(answer.counts, first);
      done += end - first;
      onProgress?.(done);
    }
  };
  try {
    // Each child has its next batch ready when it is done with one.
    await Promise.all(Array.from({ length: 2 * workers.size }, lane));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
  return counts;
}

function batches(texts: readonly string[]): readonly { readonly first: number; readonly end: number }[] {
  const found: { first: number; end: number }[] = [];
  let first = 0;
  let characters = 0;
  for (const [index, text] of texts.entries()) {
    characters += text.length;
    if (characters < BATCH_CHARACTERS && index + 1 - first < BATCH_TEXTS) continue;
    found.push({ first, end: index + 1 });
    first = index + 1;
    characters = 0;
  }
  if (first < texts.length) found.push({ first, end: texts.length });
  return found;
}
