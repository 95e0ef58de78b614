// An order of documents in which neighbours have scores alike under every head, so that a threshold cuts few runs of them.
// Within a language the order of rows says nothing, so it is free. Knows nothing of thresholds.
import type { ScoreArray } from './score-columns.ts';

/** Heads that decide about the order; more would make the steps of each coarser, and heads rank documents alike anyway. */
const ORDERING_HEADS = 3;
/** Each head is cut into this many parts of equal size, as far as ties allow. */
const PART_BITS = 5;
const PARTS = 1 << PART_BITS;
/** A language with fewer documents is counted through quicker than it is ordered. */
const ORDER_FROM = 4096;

interface Sorted {
  readonly values: ScoreArray;
  /** Ascending within each language, NaN at the end. */
  readonly sorted: ScoreArray;
  readonly scored: Float64Array;
}

/**
 * `order[place]` is the row that goes to `place`; rows stay within their language. Documents follow a Z-shaped curve through the
 * cube of their parts.
 */
export function nearbyOrder(starts: Float64Array, heads: readonly Sorted[]): Uint32Array {
  const rows = starts.at(-1) ?? 0;
  const order = new Uint32Array(rows);
  const used = heads.slice(0, ORDERING_HEADS);
  const codes = new Uint16Array(rows);
  const counts = new Uint32Array((1 << (PART_BITS * ORDERING_HEADS)) + 1);
  for (let language = 0; language + 1 < starts.length; language += 1) {
    const start = starts[language] ?? 0;
    const end = starts[language + 1] ?? 0;
    if (end - start < ORDER_FROM || used.length === 0) {
      for (let row = start; row < end; row += 1) order[row] = row;
      continue;
    }
    for (const [index, head] of used.entries()) {
      const parts = partsByBits(head, start, head.scored[language] ?? 0, index);
      addCodes(codes, head.values, [start, end], parts);
    }
    counts.fill(0);
    for (let row = start; row < end; row += 1) {
      const next = (codes[row] as number) + 1;
      counts[next] = (counts[next] as number) + 1;
    }
    for (let code = 1; code < counts.length; code += 1) {
      counts[code] = (counts[code] as number) + (counts[code - 1] as number);
    }
    for (let row = start; row < end; row += 1) {
      const code = codes[row] as number;
      const place = counts[code] as number;
      counts[code] = place + 1;
      order[start + place] = row;
    }
  }
  return order;
}

/** The column in the new order. */
export function reorder<Column extends ScoreArray | Uint32Array | Uint8Array>(
  column: Column,
  order: Uint32Array,
): Column {
  const moved = column.slice() as Column;
  for (let place = 0; place < order.length; place += 1) {
    moved[place] = column[order[place] as number] as number;
  }
  return moved;
}

/** Part of a value by the upper half of its bits as a float, spread to every third bit and shifted for its head. */
function partsByBits(head: Sorted, start: number, scored: number, shift: number): Uint16Array {
  const rising = new Uint8Array(65_536);
  for (let part = 1; part < PARTS; part += 1) {
    const value = head.sorted[start + Math.floor((scored * part) / PARTS)];
    if (scored > 0 && value !== undefined) rising.fill(part, risingCode(upperHalf(value)));
  }
  const parts = new Uint16Array(65_536);
  for (let code = 0; code < parts.length; code += 1) {
    parts[code] = spread(rising[risingCode(code)] ?? 0) << shift;
  }
  return parts;
}

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

function upperHalf(value: number): number {
  float[0] = value;
  return (floatBits[0] ?? 0) >>> 16;
}

/** Upper halves of floats as numbers that grow with them. */
function risingCode(upper: number): number {
  return upper & 0x8000 ? 0xffff ^ upper : upper | 0x8000;
}

function spread(part: number): number {
  let bits = 0;
  for (let bit = 0; bit < PART_BITS; bit += 1) bits |= ((part >> bit) & 1) << (bit * ORDERING_HEADS);
  return bits;
}

function addCodes(
  codes: Uint16Array,
  values: ScoreArray,
  [start, end]: readonly [number, number],
  parts: Uint16Array,
): void {
  const own = values.subarray(start, end);
  const floats = own instanceof Float32Array ? own : Float32Array.from(own);
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  for (let index = 0; index < bits.length; index += 1) {
    codes[start + index] =
      (codes[start + index] as number) | (parts[(bits[index] as number) >>> 16] as number);
  }
}
