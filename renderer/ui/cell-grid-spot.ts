// Places of cells in a grid, how the page marks them, and where a key leads from one.

/** Row −1: the head. */
export interface Spot {
  readonly row: number;
  readonly column: number;
}

export const cellId = (grid: string, { row, column }: Spot): string => `${grid}-cell-${row}-${column}`;

/** For every cell that can be walked to. */
export function cellProps(grid: string, at: Spot, isSpot: boolean) {
  return {
    id: cellId(grid, at),
    'data-cell': `${at.row} ${at.column}`,
    'data-spot': isSpot ? '' : undefined,
  } as const;
}
export type CellProps = ReturnType<typeof cellProps>;

const PAGE_ROWS = 12;

/** Where a key leads; null for keys that do not move. `first`: −1 where the head can be walked to. */
export function movedBy(
  { key, ctrlKey, metaKey }: { readonly key: string; readonly ctrlKey: boolean; readonly metaKey: boolean },
  { row, column }: Spot,
  size: { readonly first: number; readonly rows: number; readonly columns: number },
): Spot | null {
  const far = ctrlKey || metaKey;
  const last = { row: size.rows - 1, column: size.columns - 1 };
  const at = (nextRow: number, nextColumn: number): Spot => ({
    row: Math.max(size.first, Math.min(last.row, nextRow)),
    column: Math.max(0, Math.min(last.column, nextColumn)),
  });
  switch (key) {
    case 'ArrowUp':
      return at(row - 1, column);
    case 'ArrowDown':
      return at(row + 1, column);
    case 'ArrowLeft':
      return at(row, column - 1);
    case 'ArrowRight':
      return at(row, column + 1);
    case 'PageUp':
      return at(row - PAGE_ROWS, column);
    case 'PageDown':
      return at(row + PAGE_ROWS, column);
    case 'Home':
      return at(far ? size.first : row, 0);
    case 'End':
      return at(far ? last.row : row, last.column);
    default:
      return null;
  }
}
