// FNV-1a over UTF-16 code units with a final mix: the hash behind n-gram features and document splits.

export const HASH_START = 0x811c9dc5;

/** One more code unit (both bytes) into a running hash. */
export function hashUnit(hash: number, unit: number): number {
  const low = Math.imul(hash ^ (unit & 0xff), 0x01000193);
  return Math.imul(low ^ (unit >>> 8), 0x01000193);
}

/** Spreads FNV's weak high bits over all 32 bits (murmur3's finaliser); unsigned. */
export function finishHash(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Hash of a whole string, unsigned 32 bits. */
export function hashText(text: string, start: number = HASH_START): number {
  let hash = start;
  for (let index = 0; index < text.length; index += 1) hash = hashUnit(hash, text.charCodeAt(index));
  return finishHash(hash);
}
