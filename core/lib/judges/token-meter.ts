// How many tokens a text has and how to cut it to some: exactly, by a tokenizer, or estimated, which errs on the high side. Exact
// counting takes long enough that it is done elsewhere, so every answer is waited for.
import type { CutText } from '../tokenizers/cut-text.ts';

export interface TokenMeter {
  /** The tokenizer's name, or what the estimate is, in words: shown beside every number. */
  readonly label: string;
  readonly exact: boolean;
  count(text: string, signal?: AbortSignal): Promise<number>;
  /** The beginning of `text` with at most `tokens` tokens, never half a character. */
  cut(text: string, tokens: number, signal?: AbortSignal): Promise<CutText>;
}

/**
 * Bytes of UTF-8 a token stands for at least, on average over a document: 4.3 for English, 3.2 for Greek and Thai with the
 * tokenizers of today's judges. Fewer would cut what fits, more would be refused by the server.
 */
const BYTES_PER_TOKEN = 3;

const encoder = new TextEncoder();

export function estimateTokens(text: string): number {
  return Math.ceil(encoder.encode(text).byteLength / BYTES_PER_TOKEN);
}

export function cutByEstimate(text: string, tokens: number): CutText {
  const part = cutToBytes(text, Math.max(0, tokens) * BYTES_PER_TOKEN);
  return { text: part, tokens: estimateTokens(part) };
}

export const estimatedMeter: TokenMeter = {
  label: `estimated, UTF-8 bytes ÷ ${BYTES_PER_TOKEN}`,
  exact: false,
  count: (text) => Promise.resolve(estimateTokens(text)),
  cut: (text, tokens) => Promise.resolve(cutByEstimate(text, tokens)),
};

function cutToBytes(text: string, limit: number): string {
  if (text.length * 3 <= limit) return text;
  const bytes = encoder.encode(text);
  if (bytes.byteLength <= limit) return text;
  let end = limit;
  // Back to the beginning of a character: continuation bytes are 10xxxxxx.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return new TextDecoder().decode(bytes.subarray(0, end));
}
