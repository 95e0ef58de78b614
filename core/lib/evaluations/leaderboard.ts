// The leaderboard as a person wants to see it: which rows and columns, in which order, means over what is shown, the best of each
// column. Pure; the whole table lies elsewhere.
import type {
  Leaderboard,
  LeaderboardCell,
  LeaderboardColumn,
  EvaluatedModel,
} from '../../api/evaluations.ts';
import { againstBaseline, type AgainstBaseline, type PairedLookup } from './against-baseline.ts';
import { bestRows, meanOf, meansOf, type ResultMean } from './column-means.ts';

export interface LeaderboardSort {
  /** `name`, `steps`, `mean:<label>`, or the key of a column. */
  readonly by: string;
  readonly descending: boolean;
}

export interface LeaderboardChoice {
  /** Keys; null for all. */
  readonly models: readonly string[] | null;
  readonly hiddenModels: readonly string[];
  /** Names of tasks; null for all. */
  readonly tasks: readonly string[] | null;
  readonly hiddenColumns: readonly string[];
  /** Null for all. */
  readonly language: string | null;
  /** A word in the name of the model. */
  readonly search: string;
  readonly byLanguage: boolean;
  /** Parts of groups beside the group: none, those that are groups themselves (`mmlu_stem`), or all. */
  readonly parts: 'none' | 'groups' | 'all';
  /** `all`: no mean where a task is missing. `shared`: over the tasks that every row shown has. */
  readonly meanOver: 'all' | 'shared';
  readonly pinnedModels: readonly string[];
  readonly pinnedColumns: readonly string[];
  readonly baseline: string | null;
  readonly sort: LeaderboardSort | null;
}

export const EVERYTHING: LeaderboardChoice = {
  models: null,
  hiddenModels: [],
  tasks: null,
  hiddenColumns: [],
  language: null,
  search: '',
  byLanguage: false,
  parts: 'none',
  meanOver: 'all',
  pinnedModels: [],
  pinnedColumns: [],
  baseline: null,
  sort: null,
};

export interface ShownMean {
  readonly value: number;
  /** Null unless every task has one. */
  readonly standardError: number | null;
}

export interface ShownRow {
  readonly model: EvaluatedModel;
  readonly isPinned: boolean;
  readonly isBaseline: boolean;
  readonly cells: readonly (LeaderboardCell | null)[];
  /** In the order of `means`; null where a column is missing. */
  readonly means: readonly (ShownMean | null)[];
  readonly against: readonly (AgainstBaseline | null)[];
}

export interface ShownLeaderboard {
  readonly columns: readonly LeaderboardColumn[];
  /** The first columns that stay where they are. */
  readonly pinnedColumns: number;
  readonly means: readonly ResultMean[];
  readonly rows: readonly ShownRow[];
  /** Places of rows: of each column, and of each mean. */
  readonly best: readonly (readonly number[])[];
  readonly bestMeans: readonly (readonly number[])[];
}

export function showLeaderboard(
  table: Leaderboard,
  choice: LeaderboardChoice,
  pairedOf: PairedLookup = () => null,
): ShownLeaderboard {
  const places = columnPlaces(table.columns, choice);
  const columns = places.flatMap((place) => table.columns[place] ?? []);
  const { models, hiddenModels, pinnedModels } = choice;
  const wanted = models === null ? null : new Set(models);
  const hidden = new Set(hiddenModels);
  const pinned = new Set(pinnedModels);
  const word = choice.search.trim().toLowerCase();
  const baseRow = table.rows.find(({ model }) => model.key === choice.baseline);
  const base = baseRow === undefined ? null : places.map((place) => baseRow.cells[place] ?? null);
  const found = table.rows.flatMap(({ model, cells: own }): Omit<ShownRow, 'means'>[] => {
    const isPinned = pinned.has(model.key);
    if (hidden.has(model.key) || (wanted !== null && !wanted.has(model.key))) return [];
    if (word !== '' && !isPinned && !`${model.name} ${model.key}`.toLowerCase().includes(word)) return [];
    const cells = places.map((place) => own[place] ?? null);
    // Chosen by name, a model stays although it has nothing in these columns.
    if (wanted === null && !isPinned && cells.every((cell) => cell === null)) return [];
    const isBaseline = model.key === choice.baseline;
    return [
      {
        model,
        isPinned,
        isBaseline,
        cells,
        against:
          base === null || isBaseline
            ? cells.map(() => null)
            : againstBaseline(columns, base, cells, ({ key }) => pairedOf(model.key, key)),
      },
    ];
  });
  const possible = meansOf(columns, ownTasks(table, places));
  const means = choice.meanOver === 'shared' ? sharedMeans(possible, found) : possible;
  const all = found.map((row) => ({ ...row, means: means.map(({ over }) => shownMean(row.cells, over)) }));
  const sorted = sortRows(all, { columns, means }, choice.sort);
  const rows = [...sorted.filter(({ isPinned }) => isPinned), ...sorted.filter(({ isPinned }) => !isPinned)];
  return {
    columns,
    pinnedColumns: columns.filter(({ key }) => choice.pinnedColumns.includes(key)).length,
    means,
    rows,
    best: columns.map(({ higherIsBetter }, place) =>
      bestRows(
        rows.map(({ cells }) => cells[place]?.value ?? null),
        higherIsBetter,
      ),
    ),
    bestMeans: means.map((_, place) =>
      bestRows(
        rows.map((row) => row.means[place]?.value ?? null),
        true,
      ),
    ),
  };
}

/** A published row beside must not bring tasks into a mean that nobody here was asked. */
function ownTasks({ rows }: Leaderboard, places: readonly number[]): (column: number) => boolean {
  const own = rows.filter(({ model }) => model.reference === null);
  if (own.length === 0) return () => true;
  return (column) => own.some(({ cells }) => cells[places[column] ?? -1] != null);
}

/** Over the tasks that every row has, so that means of all rows are of the same questions. */
function sharedMeans(
  means: readonly ResultMean[],
  rows: readonly Pick<ShownRow, 'cells'>[],
): readonly ResultMean[] {
  return means.map(({ label, over }) => {
    const shared = over.filter((place) => rows.every(({ cells }) => cells[place] != null));
    return shared.length === over.length ? { label, over } : { label, over: shared, outOf: over.length };
  });
}

/** Columns of one task stay together, in the order in which the tasks come, or by language. */
function columnPlaces(columns: readonly LeaderboardColumn[], choice: LeaderboardChoice): readonly number[] {
  const { tasks, hiddenColumns, language, parts, byLanguage, pinnedColumns } = choice;
  const wanted = tasks === null ? null : new Set(tasks);
  const shown = columns.flatMap((column, place) =>
    (wanted === null || wanted.has(column.task)) &&
    !hiddenColumns.includes(column.key) &&
    (language === null || column.language === language) &&
    // What was chosen by name is shown.
    (parts === 'all' || column.partOf === null || wanted !== null || (parts === 'groups' && column.isGroup))
      ? [place]
      : [],
  );
  const firstOf = new Map<string, number>();
  for (const place of shown) {
    const task = columns[place]?.task ?? '';
    if (!firstOf.has(task)) firstOf.set(task, place);
  }
  const languages = [...new Set(shown.map((place) => columns[place]?.language ?? null))];
  const rank = (place: number): readonly number[] => {
    const column = columns[place];
    const pin = pinnedColumns.indexOf(column?.key ?? '');
    return [
      pin === -1 ? pinnedColumns.length : pin,
      byLanguage ? languageRank(languages, column?.language ?? null) : 0,
      firstOf.get(column?.task ?? '') ?? place,
      column?.differs.length === 0 ? 0 : 1,
      place,
    ];
  };
  return shown.toSorted((a, b) => comparedRanks(rank(a), rank(b)));
}

/** Tasks without a language come last. */
const languageRank = (languages: readonly (string | null)[], language: string | null): number =>
  language === null ? languages.length : languages.indexOf(language);

function comparedRanks(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value - other;
  }
  return 0;
}

/** Of independent tasks: √(Σ se²) / n. */
function shownMean(cells: readonly (LeaderboardCell | null)[], over: readonly number[]): ShownMean | null {
  const value = meanOf(cells, over);
  if (value === null) return null;
  let squares = 0;
  for (const place of over) {
    const error = cells[place]?.standardError ?? null;
    if (error === null) return { value, standardError: null };
    squares += error * error;
  }
  return { value, standardError: Math.sqrt(squares) / over.length };
}

function sortRows(
  rows: readonly ShownRow[],
  { columns, means }: Pick<ShownLeaderboard, 'columns' | 'means'>,
  sort: LeaderboardSort | null,
): readonly ShownRow[] {
  const natural = new Intl.Collator('en', { numeric: true });
  if (sort === null) return rows;
  const direction = sort.descending ? -1 : 1;
  if (sort.by === 'name')
    return rows.toSorted((a, b) => natural.compare(a.model.name, b.model.name) * direction);
  const column = columns.findIndex(({ key }) => key === sort.by);
  const mean = means.findIndex(({ label }) => `mean:${label}` === sort.by);
  if (column === -1 && mean === -1) return rows;
  const valueOf = (row: ShownRow): number | null =>
    column === -1 ? (row.means[mean]?.value ?? null) : (row.cells[column]?.value ?? null);
  // Missing values come last in both directions.
  return rows.toSorted((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    return (left - right) * direction;
  });
}
