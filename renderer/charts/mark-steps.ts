// Where a key leads from one mark of a chart to the next: bars in a line, cells in a grid with holes. Pure.

export interface MarkPlace {
  /** Grows downwards. */
  readonly row: number;
  /** Grows to the right. */
  readonly column: number;
}

/** Marks that Page up and Page down skip. */
export const MARK_PAGE = 10;

/** The index of the mark that `key` leads to; null where there is none, or the key means something else. */
export function markAfter(
  places: readonly MarkPlace[],
  from: number,
  key: string,
  isWhole = false,
): number | null {
  const here = places[from];
  if (!here) return null;
  switch (key) {
    case 'ArrowRight':
      return nearest(places, here, (place) => [place.column - here.column, place.row - here.row]);
    case 'ArrowLeft':
      return nearest(places, here, (place) => [here.column - place.column, place.row - here.row]);
    case 'ArrowDown':
      return nearest(places, here, (place) => [place.row - here.row, place.column - here.column]);
    case 'ArrowUp':
      return nearest(places, here, (place) => [here.row - place.row, place.column - here.column]);
    case 'Home':
      return end(places, here, -1, isWhole);
    case 'End':
      return end(places, here, 1, isWhole);
    case 'PageDown':
      return paged(places, from, MARK_PAGE);
    case 'PageUp':
      return paged(places, from, -MARK_PAGE);
    default:
      return null;
  }
}

/** Straight ahead if there is one, else the one that lies least far aside: a grid with holes has no island that keys cannot reach. */
function nearest(
  places: readonly MarkPlace[],
  here: MarkPlace,
  distance: (place: MarkPlace) => readonly [ahead: number, aside: number],
): number | null {
  let found: number | null = null;
  let best = Number.POSITIVE_INFINITY;
  for (const [index, place] of places.entries()) {
    const [ahead, aside] = distance(place);
    if (ahead <= 0 || place === here) continue;
    // Whatever lies aside comes after everything straight ahead.
    const cost = aside === 0 ? ahead : SIDEWAYS + ahead + 2 * Math.abs(aside);
    if (cost < best) {
      best = cost;
      found = index;
    }
  }
  return found;
}

/** More than any chart has rows or columns. */
const SIDEWAYS = 1e6;

/** The first or last mark of the line, or of everything. In a column of single marks the line is the column. */
function end(places: readonly MarkPlace[], here: MarkPlace, sign: 1 | -1, isWhole: boolean): number | null {
  const inRow = places.filter(({ row }) => row === here.row).length;
  const inLine = (place: MarkPlace) => isWhole || (inRow > 1 ? place.row === here.row : true);
  let found: number | null = null;
  let best: MarkPlace | null = null;
  for (const [index, place] of places.entries()) {
    if (!inLine(place)) continue;
    if (best === null || sign * (place.row - best.row || place.column - best.column) > 0) {
      best = place;
      found = index;
    }
  }
  return found;
}

/** In the order of the marks. */
function paged(places: readonly MarkPlace[], from: number, by: number): number | null {
  const target = Math.min(places.length - 1, Math.max(0, from + by));
  return target === from ? null : target;
}

/** The places of marks in one line from left to right. */
export function inRow(count: number): readonly MarkPlace[] {
  return Array.from({ length: count }, (_, column) => ({ row: 0, column }));
}

/** The places of marks in one line from top to bottom. */
export function inColumn(count: number): readonly MarkPlace[] {
  return Array.from({ length: count }, (_, row) => ({ row, column: 0 }));
}
