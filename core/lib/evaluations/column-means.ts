// Means over the columns of a table, and which rows are best in a column. Knows values, not where they come from.
import { grouped } from './grouped.ts';
import { taskFacts } from './task-facts.ts';

/** What of a column decides whether it has a say in a mean. */
export interface MeanColumn {
  readonly task: string;
  readonly differs: readonly string[];
  readonly language: string | null;
  readonly higherIsBetter: boolean;
  readonly isGroup: boolean;
  readonly partOf: string | null;
}

export interface ResultMean {
  /** A language, or `all`. */
  readonly label: string;
  /** Places of the columns. */
  readonly over: readonly number[];
  /** How many columns it would go over, where some were left out because not every row has them. */
  readonly outOf?: number;
}

type Cell = { readonly value: number } | null;

/**
 * By language and over all, as the report forms them: the plain mean of its tasks. Columns that differ from the first of their task
 * have no part, nor have parts of a group that stands there itself, nor groups that are no benchmark of their own, nor places that
 * `counts` leaves out.
 */
export function meansOf(
  columns: readonly MeanColumn[],
  counts: (place: number) => boolean = () => true,
): readonly ResultMean[] {
  const there = new Set(columns.map(({ task }) => task));
  const places = columns.flatMap(({ task, differs, higherIsBetter, isGroup, partOf }, place) =>
    counts(place) &&
    differs.length === 0 &&
    higherIsBetter &&
    (partOf === null || !there.has(partOf)) &&
    (!isGroup || taskFacts(task).metric !== null)
      ? [place]
      : [],
  );
  if (places.length < 2) return [];
  const languages = grouped(places, (place) => columns[place]?.language ?? null);
  const known = [...languages].flatMap(([language, over]) =>
    language === null || over.length < 2 || over.length === places.length ? [] : [{ label: language, over }],
  );
  return [...known, { label: 'all', over: places }];
}

/** Null where a column is missing, for a mean over fewer tasks is another number; and where there is no column at all. */
export function meanOf(cells: readonly Cell[], over: readonly number[]): number | null {
  if (over.length === 0) return null;
  let sum = 0;
  for (const place of over) {
    const cell = cells[place] ?? null;
    if (cell === null) return null;
    sum += cell.value;
  }
  return sum / over.length;
}

/** Places of the best; several when they are equal, none where there is nothing to choose from. */
export function bestRows(values: readonly (number | null)[], higherIsBetter: boolean): readonly number[] {
  let best: number | null = null;
  let known = 0;
  for (const value of values) {
    if (value === null) continue;
    known += 1;
    if (best === null || (higherIsBetter ? value > best : value < best)) best = value;
  }
  if (known < 2) return [];
  return values.flatMap((value, index) => (value === best ? [index] : []));
}
