// The cells of the grid: a header that offers a histogram where there are numbers, with its menu, and values as short text.
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Cell, DatasetColumn } from '../../../core/api/datasets.ts';
import styles from './data-grid.module.css';
import { isText } from './grid-columns.ts';

export function HeaderCell({
  column,
  isSelected,
  onSelect,
  sort,
  menu,
}: {
  readonly column: DatasetColumn;
  readonly isSelected: boolean;
  readonly onSelect: (column: string) => void;
  readonly sort: 'ascending' | 'descending' | null;
  readonly menu: ReactNode;
}) {
  const title = `${column.name} · ${column.type}`;
  return (
    <span
      role="columnheader"
      className={column.numeric ? styles['numericHead'] : styles['headCell']}
      title={title}
      aria-sort={sort ?? 'none'}
    >
      {sort === 'ascending' ? <ArrowUp size={12} aria-hidden /> : null}
      {sort === 'descending' ? <ArrowDown size={12} aria-hidden /> : null}
      {column.numeric ? (
        <button
          type="button"
          className={styles['headButton']}
          aria-pressed={isSelected}
          aria-label={`Histogram of ${column.name}`}
          onClick={() => onSelect(column.name)}
        >
          {column.name}
        </button>
      ) : (
        <span className={styles['headName']}>{column.name}</span>
      )}
      {menu}
    </span>
  );
}

export function Cells({
  columns,
  cells,
  texts,
}: {
  readonly columns: readonly DatasetColumn[];
  readonly cells: readonly Cell[] | null;
  /** Cells of the text columns; null while they are not fetched. */
  readonly texts: readonly Cell[] | null;
}) {
  if (cells === null) return <span className={styles['pending']} aria-label="Loading" />;
  const others = columns.filter((column) => !isText(column));
  const long = columns.filter(isText);
  return columns.map((column) => {
    const value = (isText(column) ? texts?.[long.indexOf(column)] : cells[others.indexOf(column)]) ?? null;
    const isPending = isText(column) && texts === null;
    return (
      <span
        key={column.name}
        role="gridcell"
        className={column.numeric ? styles['numeric'] : styles['cell']}
        data-null={value === null || undefined}
      >
        {isPending ? '…' : value === null ? 'null' : textOf(value, column)}
      </span>
    );
  });
}

function textOf(value: Exclude<Cell, null>, column: DatasetColumn): string {
  if (typeof value === 'number' && !Number.isInteger(value))
    return value.toPrecision(5).replace(/\.?0+$/, '');
  if (typeof value === 'number' && column.numeric) return value.toLocaleString('en-US');
  return String(value).replaceAll(/\s+/g, ' ').slice(0, 400);
}
