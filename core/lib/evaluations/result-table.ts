// Results as a table: one row a model, one column a task as it was asked. Results that were asked in different ways never share a
// column unless they are told to. Knows no files and no windows.
import { bestRows, meanOf, meansOf, type ResultMean } from './column-means.ts';
import { grouped } from './grouped.ts';
import { type ColumnOptions, type ResultColumn, resultColumns } from './result-columns.ts';
import type { EvaluationResult } from './result.ts';

export type { ResultMean } from './column-means.ts';
export type { ResultColumn } from './result-columns.ts';

export interface ResultRow<T extends EvaluationResult = EvaluationResult> {
  readonly model: string;
  /** In the order of the columns. */
  readonly cells: readonly (T | null)[];
  /** In the order of the means; null where a column is missing, for a mean over fewer tasks is another number. */
  readonly means: readonly (number | null)[];
}

export interface ResultTable<T extends EvaluationResult = EvaluationResult> {
  readonly columns: readonly ResultColumn[];
  readonly means: readonly ResultMean[];
  readonly rows: readonly ResultRow<T>[];
  /** Places of the rows that are best in a column; several when they are equal. */
  readonly best: readonly (readonly number[])[];
  /** Results that another, newer one of the same model stands for. */
  readonly replaced: readonly T[];
}

export function resultTable<T extends EvaluationResult>(
  results: readonly T[],
  options: ColumnOptions = {},
): ResultTable<T> {
  const found = resultColumns(results, options);
  const columns = found.map(({ column }) => column);
  const shown = new Set(found.flatMap(({ results: own }) => own));
  const models = [...new Set(results.filter((one) => shown.has(one)).map(({ model }) => model))];
  const replaced: T[] = [];
  const byModel = found.map(({ results: own }) => grouped(own, ({ model }) => model));
  const cells = models.map((model) =>
    byModel.map((column) => {
      const [newest = null, ...older] = newestFirst(column.get(model) ?? []);
      replaced.push(...older);
      return newest;
    }),
  );
  const means = meansOf(columns);
  return {
    columns,
    means,
    rows: models.map((model, index) => {
      const own = cells[index] ?? [];
      return { model, cells: own, means: means.map(({ over }) => meanOf(own, over)) };
    }),
    best: columns.map(({ higherIsBetter }, place) =>
      bestRows(
        cells.map((row) => row[place]?.value ?? null),
        higherIsBetter,
      ),
    ),
    replaced,
  };
}

/** Without a time they count as oldest; of two with one time, the later path. */
export function newestFirst<T extends EvaluationResult>(results: readonly T[]): readonly T[] {
  if (results.length < 2) return results;
  return results.toSorted(
    (a, b) =>
      (b.measuredMs ?? 0) - (a.measuredMs ?? 0) ||
      (a.source.path < b.source.path ? 1 : a.source.path > b.source.path ? -1 : 0),
  );
}
