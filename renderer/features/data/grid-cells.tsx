// The cells of the grid: a header with the name, what is in the column, its menu and a border that can be dragged; values as
// short text.
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { CSSProperties, PointerEvent, ReactNode } from 'react';
import type { Cell } from '../../../core/api/dataset-rows.ts';
import type { DatasetColumn } from '../../../core/api/dataset-shape.ts';
import type { ShownColumns } from './columns/column-layout.ts';
import styles from './data-grid.module.css';
import { isText } from './grid-columns.ts';
import { trueMinus } from '../../ui/format.ts';

const DRAGGED_TYPE = 'application/x-nesso-column';
/** One press of an arrow key on a border. */
const KEY_STEP_PX = 16;

export interface HeaderCellProps {
  readonly column: DatasetColumn;
  readonly isSelected: boolean;
  readonly onSelect: (column: string) => void;
  readonly sort: 'ascending' | 'descending' | null;
  readonly menu: ReactNode;
  readonly profile: ReactNode;
  readonly style: CSSProperties | undefined;
  readonly widthPx: number;
  readonly onResize: (widthPx: number | null) => void;
  /** Another column was dropped here. */
  readonly onDropColumn: (name: string) => void;
}

export function HeaderCell(props: HeaderCellProps) {
  const { column, isSelected, onSelect, sort, menu, profile, style, widthPx, onResize } = props;
  return (
    <span
      role="columnheader"
      tabIndex={-1}
      className={styles['headCell']}
      title={`${column.name} · ${column.type}`}
      aria-sort={sort ?? 'none'}
      style={style}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(DRAGGED_TYPE)) event.preventDefault();
      }}
      onDrop={(event) => {
        const name = event.dataTransfer.getData(DRAGGED_TYPE);
        if (name !== '' && name !== column.name) props.onDropColumn(name);
      }}
    >
      <span className={column.numeric ? styles['numericHead'] : styles['headLine']}>
        {sort === 'ascending' ? <ArrowUp size={12} aria-hidden /> : null}
        {sort === 'descending' ? <ArrowDown size={12} aria-hidden /> : null}
        <button
          type="button"
          className={styles['headButton']}
          aria-pressed={isSelected}
          aria-label={column.numeric ? `Histogram of ${column.name}` : `Profile of ${column.name}`}
          draggable
          onDragStart={(event) => event.dataTransfer.setData(DRAGGED_TYPE, column.name)}
          onClick={() => onSelect(column.name)}
        >
          {column.name}
        </button>
        {menu}
      </span>
      {profile}
      <Border name={column.name} widthPx={widthPx} onResize={onResize} />
    </span>
  );
}

/** Drags the width; a double click gives the default width back. */
function Border({
  name,
  widthPx,
  onResize,
}: {
  readonly name: string;
  readonly widthPx: number;
  readonly onResize: (widthPx: number | null) => void;
}) {
  const start = (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault();
    const { currentTarget: border, clientX: from } = event;
    border.setPointerCapture(event.pointerId);
    const drag = (moved: globalThis.PointerEvent) => onResize(widthPx + moved.clientX - from);
    const stop = () => border.removeEventListener('pointermove', drag);
    border.addEventListener('pointermove', drag);
    border.addEventListener('pointerup', stop, { once: true });
    border.addEventListener('pointercancel', stop, { once: true });
  };
  return (
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${name}`}
      aria-valuenow={Math.round(widthPx)}
      tabIndex={-1}
      className={styles['border']}
      onPointerDown={start}
      onDoubleClick={() => onResize(null)}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowLeft' ? -KEY_STEP_PX : event.key === 'ArrowRight' ? KEY_STEP_PX : 0;
        if (step === 0) return;
        event.preventDefault();
        event.stopPropagation();
        onResize(widthPx + step);
      }}
    />
  );
}

/** Where a column's cell is among those that were fetched. */
export type CellPlaces = ReadonlyMap<string, number>;

export function Cells(props: {
  readonly shown: ShownColumns;
  readonly places: CellPlaces;
  readonly cells: readonly Cell[] | null;
  /** Cells of the text columns; null while they are not fetched. */
  readonly texts: readonly Cell[] | null;
  readonly activeColumn: string | null;
  readonly styleOf: (index: number) => CSSProperties | undefined;
}) {
  const { shown, places, cells, texts, activeColumn, styleOf } = props;
  if (cells === null) return <span role="gridcell" className={styles['pending']} aria-label="Loading" />;
  return shown.columns.map((column, index) => {
    const place = places.get(column.name) ?? -1;
    const value = (isText(column) ? texts?.[place] : cells[place]) ?? null;
    const isPending = isText(column) && texts === null;
    const look = column.numeric ? styles['numeric'] : styles['cell'];
    return (
      <span
        key={column.name}
        role="gridcell"
        className={column.name === activeColumn ? `${look} ${styles['active']}` : look}
        style={styleOf(index)}
        data-null={value === null || undefined}
        data-column={column.name}
      >
        {isPending ? '…' : value === null ? 'null' : textOf(value, column)}
      </span>
    );
  });
}

function textOf(value: Exclude<Cell, null>, column: DatasetColumn): string {
  if (typeof value === 'number' && !Number.isInteger(value))
    return trueMinus(value.toPrecision(5).replace(/\.?0+$/, ''));
  if (typeof value === 'number' && column.numeric) return trueMinus(value.toLocaleString('en-US'));
  return String(value).replaceAll(/\s+/g, ' ').slice(0, 400);
}
