// A view of a dataset: which rows, in which order. As a value, and as sentences a person reads.
// What DuckDB makes of it is view-sql.ts.
import { z } from 'zod';

/** A link stays short enough for every browser, and a query short enough to read. */
export const MAX_FILTERS = 50;
export const MAX_VALUES = 500;
const MAX_TEXT_CHARACTERS = 10_000;
/** A condition of a person is shorter; one made by a program belongs into a column. */
export const MAX_SQL_CHARACTERS = 4000;

/** DuckDB ends a statement at a zero byte. */
const plainText = z
  .string()
  .max(MAX_TEXT_CHARACTERS)
  .refine((text) => !text.includes('\0'), 'A text cannot hold a zero byte');
const finite = z.number();
const shared = { column: plainText, negated: z.boolean().default(false) };
/** DuckDB's own words; core checks them with DuckDB's parser before they are used. */
const sqlWords = z
  .string()
  .min(1)
  .max(MAX_SQL_CHARACTERS)
  .refine((text) => !text.includes('\0'), 'A text cannot hold a zero byte');

/** What is made of a column before its values are compared: the host of an address. */
export const columnPart = z.enum(['host']);
export type ColumnPart = z.infer<typeof columnPart>;

export const filterValue = z.union([plainText, finite, z.boolean()]);
export type FilterValue = z.infer<typeof filterValue>;

export const rowFilter = z.discriminatedUnion('kind', [
  /** Numbers from `from` to `to`; NaN lies in no range. `includesTo` false: up to but not including. */
  z.object({
    kind: z.literal('range'),
    ...shared,
    from: finite.nullable().default(null),
    to: finite.nullable().default(null),
    includesTo: z.boolean().default(true),
  }),
  z.object({ kind: z.literal('equals'), ...shared, value: filterValue }),
  z.object({
    kind: z.literal('oneOf'),
    ...shared,
    values: z.array(filterValue).min(1).max(MAX_VALUES),
    part: columnPart.optional(),
  }),
  /** Upper and lower case are the same. */
  z.object({ kind: z.literal('contains'), ...shared, text: plainText }),
  z.object({ kind: z.literal('isNull'), ...shared }),
  z.object({ kind: z.literal('isNotNull'), ...shared }),
  /** A condition in SQL over the columns of the dataset. */
  z.object({ kind: z.literal('sql'), condition: sqlWords, negated: z.boolean().default(false) }),
]);
export type RowFilter = z.infer<typeof rowFilter>;

const columnSort = z.object({ column: plainText, descending: z.boolean().default(false) });
export type ColumnSort = z.infer<typeof columnSort>;

export const rowSort = z.union([columnSort, /** What stands after ORDER BY. */ z.object({ sql: sqlWords })]);
export type RowSort = z.infer<typeof rowSort>;

/** The sort when it is by one column; null for none, and for one in SQL. */
export function sortColumn(view: { readonly sort: RowSort | null }): ColumnSort | null {
  return view.sort !== null && 'column' in view.sort ? view.sort : null;
}

export const datasetView = z.object({
  /** All of them must hold. */
  filters: z.array(rowFilter).max(MAX_FILTERS).default([]),
  /** A part of the document, upper and lower case alike; empty: no search. */
  search: plainText.default(''),
  /** Rows without a value come last either way; equal values keep the order of the file. */
  sort: rowSort.nullable().default(null),
});
export type DatasetView = z.infer<typeof datasetView>;

export const wholeDataset: DatasetView = { filters: [], search: '', sort: null };

/** True when every row is shown in the order of the file. */
export function isWhole(view: DatasetView): boolean {
  return view.filters.length === 0 && view.search === '' && view.sort === null;
}

/** The short text of a view that goes into links; what has its default is left out. */
export function viewText(view: DatasetView): string {
  const { filters, search, sort } = view;
  return JSON.stringify({
    ...(filters.length === 0 ? {} : { filters: filters.map(withoutDefaults) }),
    ...(search === '' ? {} : { search }),
    ...(sort === null ? {} : { sort }),
  });
}

function withoutDefaults(filter: RowFilter): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(filter).filter(
      ([name, value]) =>
        !(name === 'negated' && value === false) &&
        !(name === 'includesTo' && value === true) &&
        !((name === 'from' || name === 'to') && value === null),
    ),
  );
}

/** Null when the text is no view. */
export function parseViewText(text: string): DatasetView | null {
  try {
    const parsed = datasetView.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** "score_gemma from 2 to 3", "language is ita or spa". */
export function filterSentence(filter: RowFilter): string {
  const { negated } = filter;
  if (filter.kind === 'sql') return `${negated ? 'not ' : ''}where ${shortened(oneLine(filter.condition))}`;
  const column = columnWords(filter);
  switch (filter.kind) {
    case 'range':
      return `${column} ${negated ? 'not ' : ''}${rangeWords(filter)}`;
    case 'equals':
      return `${column} is ${negated ? 'not ' : ''}${valueWords(filter.value)}`;
    case 'oneOf':
      return `${column} is ${negated ? 'neither ' : ''}${listWords(filter.values, negated ? 'nor' : 'or')}`;
    case 'contains':
      return `${column} ${negated ? 'does not contain' : 'contains'} “${shortened(filter.text)}”`;
    case 'isNull':
      return `${column} ${negated ? 'has a value' : 'has no value'}`;
    case 'isNotNull':
      return `${column} ${negated ? 'has no value' : 'has a value'}`;
  }
}

/** "host of url" where only a part of the column counts. */
function columnWords(filter: Exclude<RowFilter, { kind: 'sql' }>): string {
  return filter.kind === 'oneOf' && filter.part === 'host' ? `host of ${filter.column}` : filter.column;
}

/** What a view keeps and how it is sorted, one sentence each. */
export function viewSentences(view: DatasetView, textColumn: string | null): readonly string[] {
  return [
    ...view.filters.map(filterSentence),
    ...(view.search === '' ? [] : [`${textColumn ?? 'text'} contains “${view.search}”`]),
    ...(view.sort === null ? [] : [sortSentence(view.sort)]),
  ];
}

export function sortSentence(sort: RowSort): string {
  if ('sql' in sort) return `sorted by ${shortened(oneLine(sort.sql))}`;
  return `sorted by ${sort.column}, ${sort.descending ? 'highest' : 'lowest'} first`;
}

function rangeWords(range: Extract<RowFilter, { kind: 'range' }>): string {
  const { from, to, includesTo } = range;
  if (from === null && to === null) return 'any number';
  if (to === null) return `from ${numberWords(from ?? 0)}`;
  const end = numberWords(to);
  if (from === null) return includesTo ? `up to ${end}` : `below ${end}`;
  return `from ${numberWords(from)} to ${includesTo ? '' : 'below '}${end}`;
}

/** Six digits say which bar it was; the exact number is in the SQL text. */
function numberWords(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

const SHOWN_VALUES = 5;
const SHOWN_CHARACTERS = 60;

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function shortened(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function valueWords(value: FilterValue): string {
  if (typeof value === 'number') return numberWords(value);
  if (typeof value === 'boolean') return String(value);
  return /^[\p{L}\p{N}_.:/-]+$/u.test(value) ? shortened(value) : `“${shortened(value)}”`;
}

function listWords(values: readonly FilterValue[], or: string): string {
  const shown = values.slice(0, SHOWN_VALUES).map(valueWords);
  const more = values.length - shown.length;
  if (more > 0) return `${shown.join(', ')} ${or} ${more} more`;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} ${or} ${last}`;
}
