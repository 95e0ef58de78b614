// Smallest and largest value of any piece of a column, without looking at each point again: blocks of points are summed up
// once while the column grows, blocks of blocks above them. What makes a million points zoom and pan within a frame.

/** Values of a block of the finest level, and blocks of a block of each level above: with fewer, making them costs more memory than
 * looking at the ends of a piece saves. */
const GROUP = 64;
const LEVELS = 3;

/** What a piece of a column holds. `min` > `max` when no value in it is finite. */
export interface PieceSummary {
  min: number;
  max: number;
  notFinite: number;
}

export interface ValueSummary {
  /** Takes in the values from where it stands to the end of `values`; a shorter column starts it over. */
  update(values: Float64Array): void;
  /** Sums up `values[from, to)` into `into`; the column is the one it was updated with. */
  piece(from: number, to: number, into: PieceSummary): void;
}

export function emptyPiece(): PieceSummary {
  return { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, notFinite: 0 };
}

export function createValueSummary(): ValueSummary {
  let column: Float64Array = new Float64Array(0);
  const levels = Array.from({ length: LEVELS }, createLevel);

  return {
    update(values) {
      if (values.length < column.length) for (const level of levels) level.clear();
      column = values;
      levels[0]?.addValues(column);
      for (let above = 1; above < LEVELS; above += 1)
        (levels[above] as Level).addBlocks(levels[above - 1] as Level);
    },
    piece(from, to, into) {
      emptied(into);
      let left = from;
      let right = to;
      for (let depth = -1; left < right; depth += 1) {
        const below = levels[depth] ?? null;
        const above = levels[depth + 1];
        const first = Math.ceil(left / GROUP);
        const last = above === undefined ? 0 : Math.min(Math.floor(right / GROUP), above.length);
        if (last <= first) {
          if (below) below.into(left, right, into);
          else sumUp(column, left, right, into);
          return;
        }
        if (below) {
          below.into(left, first * GROUP, into);
          below.into(last * GROUP, right, into);
        } else {
          sumUp(column, left, first * GROUP, into);
          sumUp(column, last * GROUP, right, into);
        }
        left = first;
        right = last;
      }
    },
  };
}

function emptied(piece: PieceSummary): PieceSummary {
  piece.min = Number.POSITIVE_INFINITY;
  piece.max = Number.NEGATIVE_INFINITY;
  piece.notFinite = 0;
  return piece;
}

function sumUp(column: Float64Array, from: number, to: number, into: PieceSummary): void {
  let { min, max, notFinite } = into;
  for (let index = from; index < to; index += 1) {
    const value = column[index] as number;
    // False for NaN and infinities.
    if (value - value === 0) {
      if (value < min) min = value;
      if (value > max) max = value;
    } else notFinite += 1;
  }
  into.min = min;
  into.max = max;
  into.notFinite = notFinite;
}

interface Blocks {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly notFinite: Uint32Array;
}

/** Blocks `from` to `to` of a column. */
function sumUpBlocks(
  column: Float64Array,
  { from, to }: { readonly from: number; readonly to: number },
  { min, max, notFinite }: Blocks,
): void {
  for (let block = from; block < to; block += 1) {
    const start = block * GROUP;
    const end = start + GROUP;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    // Zero as long as all are finite.
    let odd = 0;
    // In pairs: three comparisons for two values.
    for (let index = start; index < end; index += 2) {
      const one = column[index] as number;
      const other = column[index + 1] as number;
      odd += one - one + (other - other);
      if (one < other) {
        if (one < low) low = one;
        if (other > high) high = other;
      } else {
        if (other < low) low = other;
        if (one > high) high = one;
      }
    }
    if (odd === 0) {
      min[block] = low;
      max[block] = high;
      notFinite[block] = 0;
      continue;
    }
    const piece = emptyPiece();
    sumUp(column, start, end, piece);
    min[block] = piece.min;
    max[block] = piece.max;
    notFinite[block] = piece.notFinite;
  }
}

/** Blocks side by side. */
interface Level {
  readonly length: number;
  /** The blocks of a column of values, or of the level below, that are whole and not here yet. */
  addValues(column: Float64Array): void;
  addBlocks(below: Level): void;
  into(from: number, to: number, piece: PieceSummary): void;
  clear(): void;
}

function createLevel(): Level {
  let min = new Float64Array(0);
  let max = new Float64Array(0);
  let notFinite = new Uint32Array(0);
  let length = 0;
  const reserve = (blocks: number): void => {
    if (blocks <= min.length) return;
    // The first time it is as large as it has to be: most columns come whole.
    const capacity = Math.max(blocks, 16, min.length * 2);
    const [oldMin, oldMax, oldNotFinite] = [min, max, notFinite];
    min = new Float64Array(capacity);
    max = new Float64Array(capacity);
    notFinite = new Uint32Array(capacity);
    min.set(oldMin);
    max.set(oldMax);
    notFinite.set(oldNotFinite);
  };
  const into = (from: number, to: number, piece: PieceSummary): void => {
    const [lows, highs, broken] = [min, max, notFinite];
    let { min: low, max: high, notFinite: bad } = piece;
    for (let block = from; block < to; block += 1) {
      const least = lows[block] as number;
      const most = highs[block] as number;
      if (least < low) low = least;
      if (most > high) high = most;
      bad += broken[block] as number;
    }
    piece.min = low;
    piece.max = high;
    piece.notFinite = bad;
  };
  return {
    get length() {
      return length;
    },
    addValues(column) {
      const blocks = Math.floor(column.length / GROUP);
      reserve(blocks);
      sumUpBlocks(column, { from: length, to: blocks }, { min, max, notFinite });
      length = Math.max(length, blocks);
    },
    addBlocks(below) {
      const blocks = Math.floor(below.length / GROUP);
      reserve(blocks);
      const piece = emptyPiece();
      for (let block = length; block < blocks; block += 1) {
        below.into(block * GROUP, (block + 1) * GROUP, emptied(piece));
        min[block] = piece.min;
        max[block] = piece.max;
        notFinite[block] = piece.notFinite;
      }
      length = Math.max(length, blocks);
    },
    into,
    clear() {
      length = 0;
    },
  };
}
