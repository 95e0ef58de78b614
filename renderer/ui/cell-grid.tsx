// A grid whose cells are walked one by one: one stop for Tab, arrows move, Enter or a press chooses. Rows are drawn as they come into
// sight; the head and the first column stay. Knows places of cells, not what stands in them.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { cellId, movedBy, type Spot } from './cell-grid-spot.ts';
import styles from './cell-grid.module.css';

/** Beyond both edges, so that a quick scroll shows no gap. */
const SPARE_ROWS = 8;

export interface CellGridProps {
  readonly label: string;
  /** Begins the ids of its cells; no other grid on the page has it. */
  readonly name: string;
  readonly rows: number;
  /** How many of a row are walked. */
  readonly columns: number;
  /** How many a row has, where the first is not walked. */
  readonly allColumns?: number;
  readonly rowPx: number;
  /** Widths of the columns as CSS has them. */
  readonly template: string;
  /** What the first column covers of those that scroll below it, at least. */
  readonly firstColumnPx: number;
  /** Whether arrows reach the head: it is row −1. */
  readonly walksHead?: boolean;
  readonly style?: CSSProperties;
  /** `spot` is where the keys are. */
  readonly head: (spot: Spot) => ReactNode;
  /** One row; spread `rowProps(index, top)` on it and `cellProps(name, spot, isSpot)` on its cells. */
  readonly row: (row: GridRow) => ReactNode;
  readonly onPress: (at: Spot, event: { readonly shiftKey: boolean; readonly altKey: boolean }) => void;
  /** Any other key; true when it did something. */
  readonly onKey?: (key: string, at: Spot) => boolean;
  readonly onMove?: () => void;
  readonly onScroll?: () => void;
  readonly onPointerLeave?: () => void;
}

export interface GridRow {
  readonly index: number;
  /** Pixels from the first row. */
  readonly top: number;
  /** Null while the keys are in another row. */
  readonly spotColumn: number | null;
}

export function CellGrid(props: CellGridProps) {
  const { name, rows, columns, rowPx, walksHead = false, onPress, onKey } = props;
  const frame = useRef<HTMLDivElement>(null);
  const first = walksHead ? -1 : 0;
  const [wanted, setWanted] = useState<Spot>({ row: first, column: 0 });
  const spot = { row: Math.min(wanted.row, rows - 1), column: Math.min(wanted.column, columns - 1) };
  // Rows take plain values, so functions that cannot be memoised are no harm.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => frame.current,
    estimateSize: () => rowPx,
    overscan: SPARE_ROWS,
  });
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    // Keys in a menu of a cell are the menu's.
    if (event.target !== event.currentTarget) return;
    const next = movedBy(event, spot, { first, rows, columns });
    if (next !== null) {
      event.preventDefault();
      setWanted(next);
      if (next.row >= 0) virtual.scrollToIndex(next.row);
      document.getElementById(cellId(name, next))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      props.onMove?.();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') onPress(spot, event);
    else if (onKey?.(event.key, spot) !== true) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const style = {
    ...props.style,
    '--template': props.template,
    '--first-column-px': `${props.firstColumnPx}px`,
    '--row-px': `${rowPx}px`,
  } as CSSProperties;
  return (
    // One stop for Tab; the arrows move from cell to cell.
    <div
      ref={frame}
      className={styles['grid']}
      style={style}
      role="grid"
      aria-label={props.label}
      aria-rowcount={rows + 1}
      aria-colcount={props.allColumns ?? columns}
      aria-activedescendant={cellId(name, spot)}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const at = spotOfElement(event.target);
        if (at === null) return;
        setWanted(at);
        onPress(at, event);
        frame.current?.focus();
      }}
      onScroll={props.onScroll}
      onPointerLeave={props.onPointerLeave}
    >
      <div className={styles['head']}>{props.head(spot)}</div>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {virtual
          .getVirtualItems()
          .map(({ index, start }) =>
            props.row({ index, top: start, spotColumn: spot.row === index ? spot.column : null }),
          )}
      </div>
    </div>
  );
}

export function GridHeadRow({ children }: { readonly children: ReactNode }) {
  return (
    <div className={styles['headRow']} role="row" aria-rowindex={1}>
      {children}
    </div>
  );
}

export function rowProps(index: number, top: number) {
  return {
    className: styles['row'],
    role: 'row',
    'aria-rowindex': index + 2,
    style: { transform: `translateY(${top}px)` },
  } as const;
}

/** Null for what lies in no cell. */
function spotOfElement(target: EventTarget): Spot | null {
  const cell = target instanceof Element ? target.closest('[data-cell]') : null;
  const [row, column] = (cell?.getAttribute('data-cell') ?? '').split(' ').map(Number);
  return cell === null || row === undefined || column === undefined ? null : { row, column };
}
