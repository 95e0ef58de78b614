// The grid of rows: draws what is in sight, arrows move through cells, a header shows what is in its column and can be
// dragged, widened and pinned. Knows cells and row numbers, not files.
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useState,
  useSyncExternalStore,
} from 'react';
import type { DatasetColumn } from '../../../core/api/dataset-shape.ts';
import type { ColumnSort } from '../../../core/lib/datasets/view.ts';
import type { ShownColumns } from './columns/column-layout.ts';
import styles from './data-grid.module.css';
import { Cells, type CellPlaces, HeaderCell } from './grid-cells.tsx';
import { NUMBER_WIDTH_PX, seesText } from './grid-columns.ts';
import type { RowPages } from './row-pages.ts';
import { useGridScroll } from './use-grid-scroll.ts';

export const ROW_PX = { normal: 26, dense: 21, roomy: 34 } as const;
export type Density = keyof typeof ROW_PX;
const NAME_PX = 26;
const PROFILE_PX = 50;

export interface GridHandle {
  /** Scrolls to a place among the rows that are shown. */
  reveal(place: number): void;
  focus(): void;
}

export interface DataGridProps {
  readonly shown: ShownColumns;
  readonly places: CellPlaces;
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
  /** What is in a column, drawn below its name; null for headers of names alone. */
  readonly profileOf: ((column: DatasetColumn) => ReactNode) | null;
  /** "sample of 100,000" where the profiles are of some rows only; else empty. */
  readonly sampleNote: string;
  /** Null: the default width again. */
  readonly onResize: (column: string, widthPx: number | null) => void;
  readonly onMove: (column: string, before: string) => void;
  readonly onCopyCell: (place: number, column: string) => void;
  readonly density: Density;
  readonly handle: Ref<GridHandle>;
}

export function DataGrid(props: DataGridProps) {
  const { shown, rows, pages, textPages, selectedRow, onSelectRow, profileOf } = props;
  const { columns, widths } = shown;
  useSyncExternalStore(pages.subscribe, () => pages.version);
  useSyncExternalStore(textPages.subscribe, () => textPages.version);
  const rowPx = ROW_PX[props.density];
  const headPx = NAME_PX + (profileOf === null ? 0 : PROFILE_PX);
  const scroll = useGridScroll({ rows, rowPx, headPx });
  const { frame, first, end, reveal } = scroll;
  const [cell, setCell] = useState<string | null>(null);
  const isTextSeen = seesText(columns, widths, scroll.left, scroll.width);
  useEffect(() => {
    if (end > first) pages.need(first, end - 1);
  }, [pages, first, end]);
  useEffect(() => {
    if (end > first && isTextSeen) textPages.need(first, end - 1);
  }, [textPages, isTextSeen, first, end]);
  useImperativeHandle(props.handle, () => ({ reveal, focus: () => frame.current?.focus() }), [frame, reveal]);

  const stepCell = (step: number) => {
    const at = columns.findIndex(({ name }) => name === cell);
    const next = at < 0 ? (step > 0 ? 0 : columns.length - 1) : at + step;
    const target = Math.max(0, Math.min(columns.length - 1, next));
    setCell(columns[target]?.name ?? null);
    revealColumn(frame.current, shown, target);
  };
  const move = (event: KeyboardEvent) => {
    // Keys in the menu of a column are the menu's, on a button the button's.
    const { target: pressed } = event;
    if (!(pressed instanceof Element) || !frame.current?.contains(pressed)) return;
    if (pressed.closest('[aria-haspopup], button')) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c') {
      const isTextSelected = window.getSelection()?.isCollapsed === false;
      if (isTextSelected || selectedRow === null || cell === null) return;
      event.preventDefault();
      props.onCopyCell(selectedRow, cell);
      return;
    }
    if (event.altKey || event.metaKey) return;
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      event.preventDefault();
      stepCell(event.key === 'ArrowLeft' ? -1 : 1);
      return;
    }
    const page = scroll.pageRows;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, j: 1, k: -1 }[event.key];
    const edge = event.key === 'Home' ? 0 : event.key === 'End' ? rows - 1 : null;
    if (step === undefined && edge === null) return;
    if (event.ctrlKey && step !== undefined) return;
    event.preventDefault();
    const row = Math.min(rows - 1, Math.max(0, edge ?? (selectedRow ?? -1) + (step ?? 0)));
    if (row < 0) return;
    onSelectRow(row);
    reveal(row);
  };

  const template = `${NUMBER_WIDTH_PX}px ${widths.map((width) => `${width}px`).join(' ')} 1fr`;
  const contentPx = NUMBER_WIDTH_PX + widths.reduce((sum, width) => sum + width, 0);
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
        const place = placeOf(event.target);
        if (place === null) return;
        setCell(place.column);
        onSelectRow(place.row);
      }}
    >
      <div
        className={styles['head']}
        role="row"
        aria-rowindex={1}
        style={{ gridTemplateColumns: template, minWidth: contentPx, height: headPx }}
      >
        <span role="columnheader" className={`${styles['number']} ${styles['corner']}`}>
          row
          {props.sampleNote === '' ? null : <span className={styles['sample']}>{props.sampleNote}</span>}
        </span>
        {columns.map((column, index) => (
          <HeaderCell
            key={column.name}
            column={column}
            isSelected={column.name === props.selectedColumn}
            onSelect={props.onSelectColumn}
            sort={sortOf(props.sort, column)}
            menu={props.menuOf(column)}
            profile={profileOf?.(column) ?? null}
            style={pinnedStyle(shown, index)}
            widthPx={widths[index] ?? 0}
            onResize={(width) => props.onResize(column.name, width)}
            onDropColumn={(name) => props.onMove(name, column.name)}
          />
        ))}
      </div>
      <div className={styles['body']} role="rowgroup" style={{ height: scroll.bodyPx, minWidth: contentPx }}>
        {Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index).map((row) => (
          <div
            key={row}
            id={`row-${row}`}
            role="row"
            aria-rowindex={row + 2}
            aria-selected={row === selectedRow}
            className={styles['row']}
            style={{
              gridTemplateColumns: template,
              height: rowPx,
              transform: `translateY(${scroll.topOf(row)}px)`,
            }}
            data-row={row}
          >
            <span role="rowheader" className={`${styles['number']} ${styles['corner']}`}>
              {pages.numberAt(row)?.toLocaleString('en-US') ?? '…'}
            </span>
            <Cells
              shown={shown}
              places={props.places}
              cells={pages.rowAt(row)}
              texts={textPages.rowAt(row)}
              activeColumn={row === selectedRow ? cell : null}
              styleOf={(index) => pinnedStyle(shown, index)}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

function sortOf(sort: ColumnSort | null, column: DatasetColumn): 'ascending' | 'descending' | null {
  if (sort?.column !== column.name) return null;
  return sort.descending ? 'descending' : 'ascending';
}

/** A pinned column stands at the sum of the widths before it. */
function pinnedStyle({ widths, pinned }: ShownColumns, index: number): CSSProperties | undefined {
  if (index >= pinned) return undefined;
  const left = widths.slice(0, index).reduce((sum, width) => sum + width, NUMBER_WIDTH_PX);
  return { position: 'sticky', left, zIndex: 1, background: 'inherit' };
}

function revealColumn(frame: HTMLDivElement | null, { widths, pinned }: ShownColumns, index: number): void {
  if (!frame || index < pinned) return;
  const left = widths.slice(0, index).reduce((sum, width) => sum + width, NUMBER_WIDTH_PX);
  const covered = widths.slice(0, pinned).reduce((sum, width) => sum + width, NUMBER_WIDTH_PX);
  const right = left + (widths[index] ?? 0);
  if (left < frame.scrollLeft + covered) frame.scrollLeft = left - covered;
  else if (right > frame.scrollLeft + frame.clientWidth) frame.scrollLeft = right - frame.clientWidth;
}

function placeOf(target: EventTarget): { readonly row: number; readonly column: string | null } | null {
  if (!(target instanceof Element)) return null;
  const row = target.closest<HTMLElement>('[data-row]')?.dataset['row'];
  const column = target.closest<HTMLElement>('[data-column]')?.dataset['column'] ?? null;
  return row === undefined ? null : { row: Number(row), column };
}
