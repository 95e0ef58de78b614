// The grid of rows: virtual in rows, arrows move, Enter opens the document, a numeric header shows its histogram.
// Knows cells and row numbers, not files.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { DatasetColumn } from '../../../core/api/datasets.ts';
import type { ColumnSort } from '../../../core/lib/datasets/view.ts';
import styles from './data-grid.module.css';
import { Cells, HeaderCell } from './grid-cells.tsx';
import { NUMBER_WIDTH_PX, seesText, widthOf } from './grid-columns.ts';
import type { RowPages } from './row-pages.ts';

const ROW_HEIGHT_PX = 26;
/** Browsers stop laying out elements near 33 million pixels; rows beyond are reached by going to a row number. */
const MAX_HEIGHT_PX = 15_000_000;

export interface DataGridProps {
  readonly columns: readonly DatasetColumn[];
  readonly rows: number;
  /** Cells of every column but the text. */
  readonly pages: RowPages;
  /** Cells of the text column alone: fetched only while that column is on screen. */
  readonly textPages: RowPages;
  /** Its place among the rows that are shown: in a whole file its row number. */
  readonly selectedRow: number | null;
  readonly selectedColumn: string | null;
  readonly onSelectRow: (place: number) => void;
  readonly sort: ColumnSort | null;
  readonly menuOf: (column: DatasetColumn) => ReactNode;
  readonly onSelectColumn: (column: string) => void;
  /** Row at the top; the grid shows a window of rows from here when a file is longer than a page can scroll. */
  readonly firstRow: number;
}

export function DataGrid(props: DataGridProps) {
  const {
    columns,
    rows,
    pages,
    textPages,
    selectedRow,
    selectedColumn,
    onSelectRow,
    onSelectColumn,
    firstRow,
    sort,
    menuOf,
  } = props;
  const frame = useRef<HTMLDivElement>(null);
  useSyncExternalStore(pages.subscribe, () => pages.version);
  useSyncExternalStore(textPages.subscribe, () => textPages.version);
  const [viewed, setViewed] = useState({ left: 0, width: 0 });
  const count = Math.min(rows - firstRow, Math.floor(MAX_HEIGHT_PX / ROW_HEIGHT_PX));
  // TanStack Virtual's functions change identity by design; nothing below is memoised on them.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const widths = columns.map(widthOf);
  const isTextSeen = seesText(columns, viewed.left, viewed.width);
  useEffect(() => {
    if (count > 0) pages.need(firstRow + first, firstRow + last);
  }, [pages, firstRow, first, last, count]);
  useEffect(() => {
    if (count > 0 && isTextSeen) textPages.need(firstRow + first, firstRow + last);
  }, [textPages, isTextSeen, firstRow, first, last, count]);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const look = () => setViewed({ left: element.scrollLeft, width: element.clientWidth });
    const resize = new ResizeObserver(look);
    resize.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      resize.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);

  const move = (event: KeyboardEvent) => {
    // Keys in the menu of a column are the menu's.
    const { target: pressed } = event;
    if (!(pressed instanceof Element) || !frame.current?.contains(pressed)) return;
    if (pressed.closest('[aria-haspopup]')) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20, j: 1, k: -1 }[event.key];
    const edge = event.key === 'Home' ? firstRow : event.key === 'End' ? firstRow + count - 1 : null;
    if (step === undefined && edge === null) return;
    event.preventDefault();
    const target = edge ?? (selectedRow ?? firstRow - 1) + (step ?? 0);
    const row = Math.min(firstRow + count - 1, Math.max(firstRow, target));
    onSelectRow(row);
    virtual.scrollToIndex(row - firstRow);
  };

  const template = `${NUMBER_WIDTH_PX}px ${widths.map((width) => `${width}px`).join(' ')} 1fr`;
  return (
    <div
      ref={frame}
      className={styles['frame']}
      role="grid"
      aria-label="Rows"
      aria-rowcount={rows + 1}
      aria-colcount={columns.length + 1}
      aria-activedescendant={selectedRow === null ? undefined : `row-${selectedRow}`}
      tabIndex={0}
      onKeyDown={move}
      onClick={(event) => {
        const row = rowOf(event.target);
        if (row !== null) onSelectRow(row);
      }}
    >
      <div className={styles['head']} role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        <span role="columnheader" className={styles['number']}>
          row
        </span>
        {columns.map((column) => (
          <HeaderCell
            key={column.name}
            column={column}
            isSelected={column.name === selectedColumn}
            onSelect={onSelectColumn}
            sort={sort?.column === column.name ? (sort.descending ? 'descending' : 'ascending') : null}
            menu={menuOf(column)}
          />
        ))}
      </div>
      <div className={styles['body']} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = firstRow + item.index;
          return (
            <div
              key={item.key}
              id={`row-${row}`}
              role="row"
              aria-rowindex={row + 2}
              aria-selected={row === selectedRow}
              className={styles['row']}
              style={{ gridTemplateColumns: template, transform: `translateY(${item.start}px)` }}
              data-row={row}
            >
              <span role="rowheader" className={styles['number']}>
                {pages.numberAt(row)?.toLocaleString('en-US') ?? '…'}
              </span>
              <Cells columns={columns} cells={pages.rowAt(row)} texts={textPages.rowAt(row)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function rowOf(target: EventTarget): number | null {
  const row =
    target instanceof Element ? target.closest<HTMLElement>('[data-row]')?.dataset['row'] : undefined;
  return row === undefined ? null : Number(row);
}
