// Sorts score columns: radix sort for half-size floats, the engine's own sort for doubles. Missing scores (NaN) go to the end.

/** Below this the engine's sort is as quick, and three tables of counts are not worth filling. */
const RADIX_FROM = 8192;
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const MASK = DIGITS - 1;
/** Greater than the key of every number. */
const NAN_KEY = 0xffff_ffff;

/** Sorts in place. */
export function sortScores(part: Float32Array | Float64Array): void {
  if (part instanceof Float64Array || part.length < RADIX_FROM) part.sort();
  else radixSort(new Uint32Array(part.buffer, part.byteOffset, part.length));
}

/** Bits of a float as a number that orders like it: the sign turned for positive ones, every bit for negative ones. */
function radixSort(bits: Uint32Array): void {
  const { length } = bits;
  const low = new Uint32Array(DIGITS);
  const middle = new Uint32Array(DIGITS);
  const high = new Uint32Array(DIGITS);
  for (let index = 0; index < length; index += 1) {
    const own = bits[index] as number;
    const isNaN = (own & 0x7fff_ffff) > 0x7f80_0000;
    const key = isNaN ? NAN_KEY : (own ^ ((own >> 31) | 0x8000_0000)) >>> 0;
    bits[index] = key;
    low[key & MASK] = (low[key & MASK] as number) + 1;
    middle[(key >>> DIGIT_BITS) & MASK] = (middle[(key >>> DIGIT_BITS) & MASK] as number) + 1;
    high[key >>> (2 * DIGIT_BITS)] = (high[key >>> (2 * DIGIT_BITS)] as number) + 1;
  }
  let from: Uint32Array = bits;
  let to: Uint32Array = new Uint32Array(length);
  for (const [digit, counts] of [low, middle, high].entries()) {
    const shift = digit * DIGIT_BITS;
    // Scores of bfloat16 have one low digit for all: nothing to move.
    if (counts[((from[0] as number) >>> shift) & MASK] === length) continue;
    let next = 0;
    for (let value = 0; value < DIGITS; value += 1) {
      const count = counts[value] as number;
      counts[value] = next;
      next += count;
    }
    for (let index = 0; index < length; index += 1) {
      const key = from[index] as number;
      const place = (key >>> shift) & MASK;
      const target = counts[place] as number;
      counts[place] = target + 1;
      to[target] = key;
    }
    [from, to] = [to, from];
  }
  for (let index = 0; index < length; index += 1) {
    const key = from[index] as number;
    bits[index] = key & 0x8000_0000 ? key ^ 0x8000_0000 : ~key;
  }
}
