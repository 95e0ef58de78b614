// A table of thousands of rows: draws what is in sight, sorts by any column, arrows move the chosen row.
// Knows cells, not what the rows are.
import { ArrowDown, ArrowUp } from 'lucide-react';
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import styles from './sorted-table.module.css';

const ROW_PX = 26;
/** Rows beyond both edges, so that a quick scroll shows no gap. */
const SPARE_ROWS = 10;

export interface SortedColumn<Row> {
  readonly id: string;
  readonly header: string;
  /** Says the convention; a tooltip of the browser. */
  readonly title?: string;
  readonly widthPx: number;
  /** Takes what room is left. */
  readonly grows?: true;
  readonly align?: 'left' | 'right';
  /** What is sorted by; null comes last in both directions. */
  readonly value: (row: Row) => number | string | null;
  readonly cell: (row: Row) => ReactNode;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

export interface SortedTableProps<Row> {
  readonly label: string;
  readonly columns: readonly SortedColumn<Row>[];
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  readonly selectedId?: string | null;
  readonly onSelect?: (id: string) => void;
  /** Null: as the rows come. */
  readonly initialSort?: Sort | null;
  readonly empty: string;
}

export function SortedTable<Row>(props: SortedTableProps<Row>) {
  const { label, columns, rows, idOf, selectedId = null, onSelect, empty } = props;
  const [sort, setSort] = useState<Sort | null>(props.initialSort ?? null);
  const frame = useRef<HTMLDivElement>(null);
  const view = useScrolledRows(frame);
  const sorted = useMemo(() => sortRows(rows, columns, sort), [rows, columns, sort]);
  const first = Math.max(0, view.first - SPARE_ROWS);
  const shown = sorted.slice(first, view.first + view.count + SPARE_ROWS);
  const chosen = selectedId === null ? -1 : sorted.findIndex((row) => idOf(row) === selectedId);

  useEffect(() => {
    if (chosen >= 0) reveal(frame.current, chosen);
    // Only when another row is chosen: scrolling away from it is allowed.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selectedId]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== frame.current || event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, view.count - 2);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key];
    const edge = event.key === 'Home' ? 0 : event.key === 'End' ? sorted.length - 1 : null;
    if (step === undefined && edge === null) return;
    event.preventDefault();
    const target = Math.max(0, Math.min(sorted.length - 1, edge ?? chosen + (step ?? 0)));
    const row = sorted[target];
    if (row === undefined) return;
    onSelect?.(idOf(row));
    reveal(frame.current, target);
  };

  const template = columns
    .map(({ widthPx, grows }) => (grows ? `minmax(${widthPx}px, 1fr)` : `${widthPx}px`))
    .join(' ');
  const minWidth = columns.reduce((sum, { widthPx }) => sum + widthPx, 0);
  return (
    <div
      ref={frame}
      className={styles['frame']}
      role="grid"
      aria-label={label}
      aria-rowcount={sorted.length + 1}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const row = event.target instanceof Element ? event.target.closest('[data-place]') : null;
        const chosenRow = sorted[Number(row?.getAttribute('data-place') ?? -1)];
        if (chosenRow !== undefined) onSelect?.(idOf(chosenRow));
      }}
    >
      <div
        className={styles['head']}
        role="row"
        aria-rowindex={1}
        style={{ gridTemplateColumns: template, minWidth }}
      >
        {columns.map((column) => (
          <HeaderCell key={column.id} column={column} sort={sort} onSort={setSort} />
        ))}
      </div>
      {sorted.length === 0 ? <p className={styles['none']}>{empty}</p> : null}
      <div
        className={styles['body']}
        role="presentation"
        style={{ height: sorted.length * ROW_PX, minWidth }}
      >
        {shown.map((row, index) => {
          const id = idOf(row);
          return (
            <div
              key={id}
              role="row"
              data-place={first + index}
              aria-rowindex={first + index + 2}
              aria-selected={id === selectedId}
              className={styles['row']}
              style={{ top: (first + index) * ROW_PX, gridTemplateColumns: template, minWidth }}
            >
              {columns.map(({ id: column, align, cell }) => (
                <span
                  key={column}
                  role="gridcell"
                  className={align === 'right' ? styles['numeric'] : styles['cell']}
                >
                  {cell(row)}
                </span>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function HeaderCell<Row>({
  column,
  sort,
  onSort,
}: {
  readonly column: SortedColumn<Row>;
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort | null) => void;
}) {
  const { id, header, title, align } = column;
  const own = sort?.column === id ? sort : null;
  // Numbers are looked at from the largest, names from the first; a third press takes the order back.
  const firstDescending = align === 'right';
  const press = () => {
    if (own === null) onSort({ column: id, descending: firstDescending });
    else onSort(own.descending === firstDescending ? { column: id, descending: !firstDescending } : null);
  };
  const Arrow = own?.descending ? ArrowDown : ArrowUp;
  return (
    <span
      role="columnheader"
      aria-sort={own === null ? 'none' : own.descending ? 'descending' : 'ascending'}
      style={{ height: '100%' }}
    >
      <button
        type="button"
        title={title}
        className={`${styles['sort']} ${align === 'right' ? styles['toRight'] : ''}`}
        onClick={press}
      >
        {header}
        {own === null ? null : <Arrow size={12} aria-hidden />}
      </button>
    </span>
  );
}

function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly SortedColumn<Row>[],
  sort: Sort | null,
): readonly Row[] {
  const column = columns.find(({ id }) => id === sort?.column);
  if (!column || sort === null) return rows;
  const direction = sort.descending ? -1 : 1;
  return [...rows].sort((left, right) => {
    const a = column.value(left);
    const b = column.value(right);
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    if (typeof a === 'number' && typeof b === 'number') {
      if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : 1;
      return (a - b) * direction;
    }
    return String(a).localeCompare(String(b), 'en', { numeric: true }) * direction;
  });
}

function reveal(frame: HTMLDivElement | null, place: number): void {
  if (!frame) return;
  // The header covers the first row's height.
  const top = place * ROW_PX;
  const visible = frame.clientHeight - ROW_PX;
  if (top < frame.scrollTop) frame.scrollTop = top;
  else if (top + ROW_PX > frame.scrollTop + visible) frame.scrollTop = top + ROW_PX - visible;
}

function useScrolledRows(frame: { readonly current: HTMLDivElement | null }) {
  const [view, setView] = useState({ first: 0, count: 40 });
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const look = () => {
      const first = Math.floor(element.scrollTop / ROW_PX);
      const count = Math.ceil(element.clientHeight / ROW_PX);
      setView((known) => (known.first === first && known.count === count ? known : { first, count }));
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [frame]);
  return view;
}
