// How wide the columns of the grid are by default, where they lie, and which of them hold the document.
import type { DatasetColumn } from '../../../core/api/dataset-shape.ts';

/** Width of the row numbers, px. */
export const NUMBER_WIDTH_PX = 84;
/** Padding, the arrow of a sorted column and its menu. */
const HEADER_EXTRA_PX = 58;

/** A name that is longer is cut, with the whole of it on hover. */
const MAX_NAME_PX = 280;

/** Widths in px: rows are separate grids, so every one must come to the same columns. */
export function widthOf(column: DatasetColumn): number {
  if (isText(column)) return 440;
  if (/url|path|source/.test(column.name)) return 240;
  const named = Math.min(MAX_NAME_PX, column.name.length * 7.2 + HEADER_EXTRA_PX);
  return Math.max(column.numeric || column.type === 'BOOLEAN' ? 112 : 132, named);
}

/** The document itself: long, so it is read only when it can be seen. */
export function isText(column: DatasetColumn): boolean {
  return !column.numeric && /^(text|content|messages|document)$/.test(column.name);
}

/** True when a text column lies within [left, left + width) of the grid's content, px. `widths` by column. */
export function seesText(
  columns: readonly DatasetColumn[],
  widths: readonly number[],
  left: number,
  width: number,
): boolean {
  let start = NUMBER_WIDTH_PX;
  return columns.some((column, index) => {
    const end = start + (widths[index] ?? widthOf(column));
    const isSeen = isText(column) && start < left + width && end > left;
    start = end;
    return isSeen;
  });
}
