// Smallest and largest value of any piece of a column, without looking at each point again: blocks of points are summed up
// once while the column grows. What makes a million points zoom and pan within a frame.

/** Points of a fine block, and fine blocks of a coarse one. */
const FINE = 64;
const PER_COARSE = 64;

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
  const fine = createLevel();
  const coarse = createLevel();

  const updateFine = () => {
    const blocks = Math.floor(column.length / FINE);
    fine.reserve(blocks);
    for (let block = fine.length; block < blocks; block += 1) {
      let min = Number.POSITIVE_INFINITY;
      let max = Number.NEGATIVE_INFINITY;
      let notFinite = 0;
      const end = (block + 1) * FINE;
      for (let index = block * FINE; index < end; index += 1) {
        const value = column[index] as number;
        // False for NaN too; infinities are told apart below.
        if (value - value !== 0) notFinite += 1;
        else {
          if (value < min) min = value;
          if (value > max) max = value;
        }
      }
      fine.add(min, max, notFinite);
    }
  };
  const updateCoarse = () => {
    const blocks = Math.floor(fine.length / PER_COARSE);
    coarse.reserve(blocks);
    for (let block = coarse.length; block < blocks; block += 1) {
      const piece = emptyPiece();
      fine.into(block * PER_COARSE, (block + 1) * PER_COARSE, piece);
      coarse.add(piece.min, piece.max, piece.notFinite);
    }
  };
  const raw = (from: number, to: number, into: PieceSummary) => {
    for (let index = from; index < to; index += 1) {
      const value = column[index] as number;
      if (value - value !== 0) into.notFinite += 1;
      else {
        if (value < into.min) into.min = value;
        if (value > into.max) into.max = value;
      }
    }
  };

  return {
    update(values) {
      if (values.length < column.length) {
        fine.clear();
        coarse.clear();
      }
      column = values;
      updateFine();
      updateCoarse();
    },
    piece(from, to, into) {
      into.min = Number.POSITIVE_INFINITY;
      into.max = Number.NEGATIVE_INFINITY;
      into.notFinite = 0;
      const firstFine = Math.ceil(from / FINE);
      const lastFine = Math.min(Math.floor(to / FINE), fine.length);
      if (lastFine <= firstFine) {
        raw(from, to, into);
        return;
      }
      raw(from, firstFine * FINE, into);
      const firstCoarse = Math.ceil(firstFine / PER_COARSE);
      const lastCoarse = Math.min(Math.floor(lastFine / PER_COARSE), coarse.length);
      if (lastCoarse <= firstCoarse) fine.into(firstFine, lastFine, into);
      else {
        fine.into(firstFine, firstCoarse * PER_COARSE, into);
        coarse.into(firstCoarse, lastCoarse, into);
        fine.into(lastCoarse * PER_COARSE, lastFine, into);
      }
      raw(lastFine * FINE, to, into);
    },
  };
}

interface Level {
  readonly length: number;
  reserve(blocks: number): void;
  add(min: number, max: number, notFinite: number): void;
  into(from: number, to: number, piece: PieceSummary): void;
  clear(): void;
}

function createLevel(): Level {
  let min = new Float64Array(16);
  let max = new Float64Array(16);
  let notFinite = new Uint32Array(16);
  let length = 0;
  return {
    get length() {
      return length;
    },
    reserve(blocks) {
      if (blocks <= min.length) return;
      const capacity = Math.max(blocks, min.length * 2);
      const [oldMin, oldMax, oldNotFinite] = [min, max, notFinite];
      min = new Float64Array(capacity);
      max = new Float64Array(capacity);
      notFinite = new Uint32Array(capacity);
      min.set(oldMin);
      max.set(oldMax);
      notFinite.set(oldNotFinite);
    },
    add(low, high, bad) {
      min[length] = low;
      max[length] = high;
      notFinite[length] = bad;
      length += 1;
    },
    into(from, to, piece) {
      for (let block = from; block < to; block += 1) {
        if ((min[block] as number) < piece.min) piece.min = min[block] as number;
        if ((max[block] as number) > piece.max) piece.max = max[block] as number;
        piece.notFinite += notFinite[block] as number;
      }
    },
    clear() {
      length = 0;
    },
  };
}
