// Filters that a click makes: keep a value, keep all but it, a range, texts of some length. Pure.
import {
  type ColumnPart,
  type DatasetView,
  type FilterValue,
  MAX_VALUES,
  type RowFilter,
} from '../../../../core/lib/datasets/view.ts';
import { sqlName } from '../../../../core/lib/datasets/quoting.ts';

export function withFilter(view: DatasetView, filter: RowFilter): DatasetView {
  return { ...view, filters: [...view.filters, filter] };
}

/** What a filter on values is about: a column, or a part of it. */
export interface ValuesOf {
  readonly column: string;
  readonly part?: ColumnPart | undefined;
}

function oneOf(filter: RowFilter, { column, part }: ValuesOf, negated: boolean) {
  if (
    filter.kind === 'oneOf' &&
    filter.column === column &&
    filter.part === part &&
    filter.negated === negated
  )
    return filter.values;
  if (
    part === undefined &&
    filter.kind === 'equals' &&
    filter.column === column &&
    filter.negated === negated
  )
    return [filter.value];
  return null;
}

/** Values of a column that a view keeps (or, negated, leaves out) by name. */
export function chosenValues(view: DatasetView, of: ValuesOf, negated: boolean): readonly FilterValue[] {
  return view.filters.flatMap((filter) => oneOf(filter, of, negated) ?? []);
}

/** Adds a value to those that are kept or left out, or takes it away when it is among them. */
export function toggleValue(
  view: DatasetView,
  of: ValuesOf,
  value: FilterValue,
  negated: boolean,
): DatasetView {
  const known = chosenValues(view, of, negated);
  const values = known.includes(value) ? known.filter((other) => other !== value) : [...known, value];
  const others = view.filters.filter((filter) => oneOf(filter, of, negated) === null);
  if (values.length === 0) return { ...view, filters: others };
  const { column, part } = of;
  const filter: RowFilter = {
    kind: 'oneOf',
    column,
    negated,
    values: values.slice(0, MAX_VALUES),
    ...(part === undefined ? {} : { part }),
  };
  return { ...view, filters: [...others, filter] };
}

/** Texts of `from` to below `to` characters, lists of as many items. */
export function lengthFilter(
  column: string,
  unit: 'characters' | 'items',
  from: number,
  to: number,
): RowFilter {
  const length = `${unit === 'items' ? 'len' : 'length'}(${sqlName(column)})`;
  const condition = to - from <= 1 ? `${length} = ${from}` : `${length} BETWEEN ${from} AND ${to - 1}`;
  return { kind: 'sql', condition, negated: false };
}

/** Replaces the range of a column, so that dragging twice narrows instead of piling up. */
export function withRange(
  view: DatasetView,
  range: {
    readonly column: string;
    readonly from: number;
    readonly to: number;
    readonly includesTo: boolean;
  },
): DatasetView {
  const filters = view.filters.filter(
    (filter) => !(filter.kind === 'range' && filter.column === range.column && !filter.negated),
  );
  return { ...view, filters: [...filters, { kind: 'range', negated: false, ...range }] };
}
