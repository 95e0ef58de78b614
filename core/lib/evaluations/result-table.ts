// Results as a table: one row a model, one column a task as it was asked. Results that were asked in different ways never share a
// column. Knows no files and no windows.
import { comparabilityKey, differencesOf } from './comparability.ts';
import { grouped } from './grouped.ts';
import type { EvaluationResult } from './result.ts';
import { mainMetric, taskFacts } from './task-facts.ts';

export interface ResultColumn {
  readonly key: string;
  readonly task: string;
  readonly metric: string;
  /** What sets it apart from an earlier column of the same task; empty for the first. */
  readonly differs: readonly string[];
  readonly language: string | null;
  readonly chance: number | null;
  readonly higherIsBetter: boolean;
}

export interface ResultMean {
  /** A language, or `all`. */
  readonly label: string;
  /** Places of the columns. */
  readonly over: readonly number[];
}

export interface ResultRow {
  readonly model: string;
  /** In the order of the columns. */
  readonly cells: readonly (EvaluationResult | null)[];
  /** In the order of the means; null where a column is missing, for a mean over fewer tasks is another number. */
  readonly means: readonly (number | null)[];
}

export interface ResultTable {
  readonly columns: readonly ResultColumn[];
  readonly means: readonly ResultMean[];
  readonly rows: readonly ResultRow[];
  /** Places of the rows that are best in a column; several when they are equal. */
  readonly best: readonly (readonly number[])[];
  /** Results that another, newer one of the same model stands for. */
  readonly replaced: readonly EvaluationResult[];
}

export interface TableOptions {
  /** Every metric of a task, not only the one that reports quote. */
  readonly allMetrics?: boolean;
  /** Values that harnesses form over tasks. */
  readonly groups?: boolean;
}

export function resultTable(results: readonly EvaluationResult[], options: TableOptions = {}): ResultTable {
  const shown = select(results, options);
  const byColumn = grouped(shown, comparabilityKey);
  const columns = columnsOf(byColumn);
  const models = [...new Set(shown.map(({ model }) => model))];
  const replaced: EvaluationResult[] = [];
  const byModel = columns.map(({ key }) => grouped(byColumn.get(key) ?? [], ({ model }) => model));
  const cells = models.map((model) =>
    byModel.map((column) => {
      const found = (column.get(model) ?? []).toSorted((a, b) => (b.measuredMs ?? 0) - (a.measuredMs ?? 0));
      replaced.push(...found.slice(1));
      return found[0] ?? null;
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
    best: columns.map((column, place) => bestRows(cells, column, place)),
    replaced,
  };
}

function select(
  results: readonly EvaluationResult[],
  { allMetrics = false, groups = true }: TableOptions,
): readonly EvaluationResult[] {
  const main = new Map(
    [...grouped(results, ({ task }) => task)].map(([task, own]) => {
      const metrics = [...new Set(own.map(({ metric }) => metric))];
      return [task, mainMetric(task, metrics)];
    }),
  );
  return results.filter(
    ({ task, metric, isGroup }) => (groups || !isGroup) && (allMetrics || main.get(task) === metric),
  );
}

function columnsOf(byColumn: ReadonlyMap<string, readonly EvaluationResult[]>): readonly ResultColumn[] {
  const columns: ResultColumn[] = [];
  const firsts = new Map<string, EvaluationResult>();
  for (const [key, [one]] of byColumn) {
    if (one === undefined) continue;
    const { task, metric } = one;
    const name = JSON.stringify([task, metric]);
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, one);
    const { language, chance } = taskFacts(task);
    columns.push({
      key,
      task,
      metric,
      differs:
        first === undefined
          ? []
          : differencesOf(first, one).map(({ name: part, second }) =>
              part === 'number of examples' ? second : `${part} ${second}`,
            ),
      language,
      chance: /^(acc|acc_norm|acc_bytes|pearson)$/.test(metric) ? chance : null,
      higherIsBetter: one.higherIsBetter ?? true,
    });
  }
  return columns;
}

/** Over single tasks of one direction, by language and over all; columns that differ from the first of their task have no part. */
function meansOf(columns: readonly ResultColumn[]): readonly ResultMean[] {
  const places = columns.flatMap(({ differs, higherIsBetter }, place) =>
    differs.length === 0 && higherIsBetter ? [place] : [],
  );
  if (places.length < 2) return [];
  const languages = grouped(places, (place) => columns[place]?.language ?? null);
  const known = [...languages].flatMap(([language, over]) =>
    language === null || over.length < 2 || over.length === places.length ? [] : [{ label: language, over }],
  );
  return [...known, { label: 'all', over: places }];
}

function meanOf(cells: readonly (EvaluationResult | null)[], over: readonly number[]): number | null {
  let sum = 0;
  for (const place of over) {
    const cell = cells[place] ?? null;
    if (cell === null) return null;
    sum += cell.value;
  }
  return sum / over.length;
}

function bestRows(
  cells: readonly (readonly (EvaluationResult | null)[])[],
  { higherIsBetter }: ResultColumn,
  place: number,
): readonly number[] {
  const values = cells.map((row) => row[place]?.value ?? null);
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return [];
  const best = higherIsBetter ? Math.max(...known) : Math.min(...known);
  return values.flatMap((value, index) => (value === best ? [index] : []));
}
