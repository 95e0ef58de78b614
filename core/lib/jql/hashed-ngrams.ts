// Text features without a download: signed hashing of word 1–2-grams and character 3–5-grams, L2-normalised.
// A stand-in for the embedding model in the sample run; it knows spelling and phrases, not meaning.
import { finishHash, HASH_START, hashUnit } from './hash.ts';

/** Only the first part of a document counts: about 8,192 tokens, the limit of the embedding model it stands in for. */
export const MAX_FEATURE_CHARACTERS = 32_768;

/** Both versions are part of a head's card: features of another version give meaningless scores. */
export const NGRAM_FEATURES_VERSION = 1;

const WORD_START = hashUnit(HASH_START, 1);
const CHARACTER_START = hashUnit(HASH_START, 2);
const BOUNDARY = 0x20;
const wordPattern = /\p{L}[\p{L}\p{M}]*|\p{N}+|[^\p{L}\p{N}\s]/gu;

/** Counts n-grams by their hash; counts are damped later, so one repeated word does not outweigh a document. */
function countNgrams(text: string): Map<number, number> {
  const counts = new Map<number, number>();
  const add = (hash: number): void => {
    const finished = finishHash(hash);
    counts.set(finished, (counts.get(finished) ?? 0) + 1);
  };
  let previous = -1;
  for (const [word] of text
    .slice(0, MAX_FEATURE_CHARACTERS)
    .normalize('NFC')
    .toLowerCase()
    .matchAll(wordPattern)) {
    let whole = WORD_START;
    for (let index = 0; index < word.length; index += 1) whole = hashUnit(whole, word.charCodeAt(index));
    add(whole);
    if (previous !== -1) add(hashUnit(previous, BOUNDARY) ^ whole);
    previous = whole;
    addCharacterNgrams(word, add);
  }
  return counts;
}

/** 3- to 5-grams of ` word `: the boundary tells prefixes and endings from the middle of a word. */
function addCharacterNgrams(word: string, add: (hash: number) => void): void {
  const length = word.length + 2;
  const unitAt = (index: number): number =>
    index === 0 || index === length - 1 ? BOUNDARY : word.charCodeAt(index - 1);
  for (let start = 0; start + 3 <= length; start += 1) {
    let hash = CHARACTER_START;
    for (let size = 1; size <= 5 && start + size <= length; size += 1) {
      hash = hashUnit(hash, unitAt(start + size - 1));
      if (size >= 3) add(hash);
    }
  }
}

/**
 * Writes `dimensions` features of a document into `target` (which must be that long): each n-gram adds
 * ±(1 + ln count) to one place; the sum is scaled to length 1. An empty text gives zeros.
 */
export function writeNgramFeatures(text: string, target: Float32Array): void {
  target.fill(0);
  const dimensions = target.length;
  for (const [hash, count] of countNgrams(text)) {
    const place = (hash & 0x7fffffff) % dimensions;
    const sign = hash >>> 31 === 1 ? -1 : 1;
    target[place] = (target[place] ?? 0) + sign * (1 + Math.log(count));
  }
  let squares = 0;
  for (const value of target) squares += value * value;
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let place = 0; place < dimensions; place += 1) target[place] = (target[place] ?? 0) * scale;
}
