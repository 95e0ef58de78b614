// What of the leaderboard fits into a chart: the first models and columns, as they are sorted and pinned. Pure.
import type { LeaderboardColumn } from '../../../../core/api/evaluations.ts';
import type { ShownLeaderboard, ShownRow } from '../../../../core/lib/evaluations/leaderboard.ts';
import type { FigureTable } from '../../../../core/lib/figures/figure-table.ts';
import { columnTitle } from '../../../../core/lib/evaluations/result-columns.ts';
import { formatQuantity } from '../../../ui/format.ts';
import { differenceWords, metricWords } from './cell-words.ts';

/** As many as there are colours that are told apart. */
const MAX_SERIES = 8;
const MAX_GROUPS = 24;

export interface ChartRows {
  readonly rows: readonly ShownRow[];
  readonly columns: readonly LeaderboardColumn[];
  /** What is not drawn; empty when everything is. */
  readonly note: string;
  readonly summary: string;
  readonly numbers: () => FigureTable;
}

export function chartRows({ rows: all, columns: given }: ShownLeaderboard): ChartRows {
  const first = all.slice(0, MAX_SERIES);
  // A task that none of them was asked would be an empty place.
  const there = given.flatMap((_, place) => (first.some(({ cells }) => cells[place] != null) ? [place] : []));
  const everyColumn = there.flatMap((place) => given[place] ?? []);
  const columns = everyColumn.slice(0, MAX_GROUPS);
  const rows = first.map((row) => ({ ...row, cells: there.map((place) => row.cells[place] ?? null) }));
  const notes = [
    all.length > rows.length ? `the first ${rows.length} of ${formatQuantity(all.length, 'model')}` : '',
    everyColumn.length > columns.length
      ? `the first ${columns.length} of ${formatQuantity(everyColumn.length, 'column')}`
      : '',
  ].filter((part) => part !== '');
  return {
    rows,
    columns,
    note:
      notes.length === 0
        ? ''
        : `Drawn: ${notes.join(', ')}, as they are sorted. Choose models and tasks to see others.`,
    summary: columns
      .map((column, place) => {
        const found = rows.flatMap(({ model, cells }) => {
          const cell = cells[place] ?? null;
          return cell === null ? [] : [{ name: model.name, value: cell.value }];
        });
        const best = found.toSorted((a, b) =>
          column.higherIsBetter ? b.value - a.value : a.value - b.value,
        )[0];
        return best === undefined ? '' : `${column.task}: best ${best.name} with ${best.value.toFixed(4)}`;
      })
      .filter((part) => part !== '')
      .join('; '),
    numbers: () => ({
      header: ['Task', ...rows.flatMap(({ model }) => [model.name, `${model.name} standard error`])],
      rows: columns.map((column, place) => [
        columnTitle(column),
        ...rows.flatMap(({ cells }) => [cells[place]?.value ?? null, cells[place]?.standardError ?? null]),
      ]),
    }),
  };
}

export const columnDetail = (column: LeaderboardColumn): string =>
  [metricWords(column), differenceWords(column)].filter((part) => part !== '').join(', ');
