// The text of given ids with the place of each: what was encoded before and only its ids are left.
import { encodeWithPlaces, type PlacedTokens } from './encode-with-places.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

/** Decoded together, so that characters over several tokens are whole. */
const CHUNK_IDS = 64;

/** Ids outside of the vocabulary stand for nothing and have a place without length. */
export function placeIds(
  tokenizer: TextTokenizer,
  ids: Uint32Array<ArrayBuffer>,
): PlacedTokens & { readonly text: string } {
  const text = tokenizer.decode(ids);
  // Text that came from this tokenizer has the same ids again, and then their places are known exactly.
  const again = encodeWithPlaces(tokenizer, text);
  if (again.ids.length === ids.length && again.ids.every((id, index) => id === ids[index])) {
    return { ...again, text };
  }
  return { ...nearly(tokenizer, ids), text };
}

/** By the length of what each chunk of ids decodes to, and within it of what each id does alone. */
function nearly(tokenizer: TextTokenizer, ids: Uint32Array<ArrayBuffer>): PlacedTokens {
  const special = new Set(tokenizer.specialTokens.map(({ id }) => id));
  const starts = new Uint32Array(ids.length);
  const ends = new Uint32Array(ids.length);
  const kinds = Uint8Array.from(ids, (id) => (special.has(id) ? 1 : 0));
  let base = 0;
  for (let first = 0; first < ids.length; first += CHUNK_IDS) {
    const chunk = ids.subarray(first, first + CHUNK_IDS);
    const length = tokenizer.decode(chunk).length;
    let inside = 0;
    for (const [index, id] of chunk.entries()) {
      starts[first + index] = base + Math.min(inside, length);
      // The bytes of one character are each decoded to a sign of their own: the chunk's length is what counts.
      inside += tokenizer.decode([id]).length;
      ends[first + index] = base + Math.min(inside, length);
    }
    base += length;
  }
  return { ids, starts, ends, kinds, exact: false };
}
