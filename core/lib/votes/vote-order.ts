// Which side stands left on a voter's screen: decided by the seed of the vote, so that it can be told again and not be guessed.
import type { SideIndex } from './vote.ts';

/** FNV-1a over UTF-16 code units, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** Spreads every bit over all others (the finisher of MurmurHash3). */
function mixed(hash: number): number {
  let value = hash;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** Index of the side that `voter` sees left at this item. Other voters see another order, so a habit of preferring one place evens out. */
export function sideOnLeft(seed: number, item: string, voter: string): SideIndex {
  return (mixed(hashOf(JSON.stringify([seed, item, voter]))) & 1) === 0 ? 0 : 1;
}
