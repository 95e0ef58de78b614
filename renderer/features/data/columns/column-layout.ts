// Which columns of a dataset are shown, in which order, how wide and which stay in sight: pure, and remembered per dataset.
import type { DatasetColumn } from '../../../../core/api/dataset-shape.ts';
import { type ColumnLayout, columnLayout, plainLayout } from '../../../../core/lib/datasets/saved-view.ts';
import { useViewState } from '../../../app/view-state.ts';
import { widthOf } from '../grid-columns.ts';

export const MIN_WIDTH_PX = 60;
const MAX_WIDTH_PX = 2000;

function parseLayout(stored: unknown): ColumnLayout | undefined {
  const parsed = columnLayout.safeParse(stored);
  return parsed.success ? parsed.data : undefined;
}

/** The layout of a dataset, remembered with the workspace. */
export function useColumnLayout(path: string): readonly [ColumnLayout, (layout: ColumnLayout) => void] {
  return useViewState<ColumnLayout>(`data.columns.${path}`, parseLayout, plainLayout);
}

/** All columns in their order, hidden ones too: those in sight first. */
export function orderedColumns(
  columns: readonly DatasetColumn[],
  layout: ColumnLayout,
): readonly DatasetColumn[] {
  const rank = new Map(layout.order.map((name, index) => [name, index]));
  const placed = columns.filter(({ name }) => rank.has(name));
  const rest = columns.filter(({ name }) => !rank.has(name));
  const ordered = [...placed.toSorted((a, b) => (rank.get(a.name) ?? 0) - (rank.get(b.name) ?? 0)), ...rest];
  const isPinned = ({ name }: DatasetColumn) => layout.pinned.includes(name);
  return [...ordered.filter(isPinned), ...ordered.filter((column) => !isPinned(column))];
}

export interface ShownColumns {
  readonly columns: readonly DatasetColumn[];
  /** Pixels. */
  readonly widths: readonly number[];
  /** How many of the first stay in sight. */
  readonly pinned: number;
}

/** At least one column is always shown. */
export function shownColumns(columns: readonly DatasetColumn[], layout: ColumnLayout): ShownColumns {
  const ordered = orderedColumns(columns, layout);
  const visible = ordered.filter(({ name }) => !layout.hidden.includes(name));
  const shown = visible.length === 0 ? ordered.slice(0, 1) : visible;
  return {
    columns: shown,
    widths: shown.map((column) => layout.widths[column.name] ?? widthOf(column)),
    pinned: shown.filter(({ name }) => layout.pinned.includes(name)).length,
  };
}

export function withHidden(layout: ColumnLayout, name: string, isHidden: boolean): ColumnLayout {
  const others = layout.hidden.filter((other) => other !== name);
  return { ...layout, hidden: isHidden ? [...others, name] : others };
}

export function withPinned(layout: ColumnLayout, name: string, isPinned: boolean): ColumnLayout {
  const others = layout.pinned.filter((other) => other !== name);
  return { ...layout, pinned: isPinned ? [...others, name] : others };
}

/** Null: as wide as by default. */
export function withWidth(layout: ColumnLayout, name: string, widthPx: number | null): ColumnLayout {
  const others = Object.fromEntries(Object.entries(layout.widths).filter(([other]) => other !== name));
  if (widthPx === null) return { ...layout, widths: others };
  const width = Math.round(Math.min(MAX_WIDTH_PX, Math.max(MIN_WIDTH_PX, widthPx)));
  return { ...layout, widths: { ...others, [name]: width } };
}

/** Puts a column before another one; null: at the end. */
export function withMoved(
  columns: readonly DatasetColumn[],
  layout: ColumnLayout,
  name: string,
  before: string | null,
): ColumnLayout {
  if (name === before) return layout;
  const names = orderedColumns(columns, layout).map((column) => column.name);
  const others = names.filter((other) => other !== name);
  const at = before === null ? others.length : others.indexOf(before);
  return { ...layout, order: others.toSpliced(at < 0 ? others.length : at, 0, name) };
}

/** One place to the left (−1) or right (+1) among the columns that are shown. */
export function withStep(
  columns: readonly DatasetColumn[],
  layout: ColumnLayout,
  name: string,
  step: -1 | 1,
): ColumnLayout {
  const shown = shownColumns(columns, layout).columns.map((column) => column.name);
  const at = shown.indexOf(name);
  if (at < 0) return layout;
  if (step === -1) return at === 0 ? layout : withMoved(columns, layout, name, shown[at - 1] ?? null);
  return at === shown.length - 1 ? layout : withMoved(columns, layout, name, shown[at + 2] ?? null);
}
