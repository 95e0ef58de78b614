// The leaderboard as a grid: models down, tasks across. Rows are drawn as they come into sight; names, pinned columns and the head stay.
// One stop for Tab: arrows move, Enter sorts by a head or shows what a cell says, P pins, B makes the baseline, H hides.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { LeaderboardSort, ShownLeaderboard } from '../../../../core/lib/evaluations/leaderboard.ts';
import { type GridColumn, gridColumns, languageBands } from './grid-columns.ts';
import { moveInResults, type ResultsPlace, toggled } from './place.ts';
import { ColumnHead, MeanHead, NameHead } from './grid-head.tsx';
import styles from './result-grid.module.css';
import { ResultRow } from './result-row.tsx';

const ROW_PX = 28;
/** A mean and a task are as wide as `0.3276 ± 0.0137 ▲`. */
const COLUMN_PX = 118;
const MEAN_PX = 108;
const NAME_PX = 250;
const SPARE_ROWS = 8;

export interface ResultGridProps {
  readonly shown: ShownLeaderboard;
  readonly place: ResultsPlace;
}

/** Row −1: the head. */
interface Spot {
  readonly row: number;
  readonly column: number;
}

export function ResultGrid({ shown, place }: ResultGridProps) {
  const { columns, means, rows } = shown;
  const scroll = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState<Spot>({ row: -1, column: 0 });
  const spot = {
    row: Math.min(wanted.row, rows.length - 1),
    column: Math.min(wanted.column, columns.length + means.length),
  };
  // The rows below take plain values, so functions that cannot be memoised are no harm.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: SPARE_ROWS,
  });
  const { byLanguage, sort, baseline } = place.choice;
  const grid = useMemo(() => gridColumns(shown, byLanguage), [shown, byLanguage]);
  const bands = useMemo(() => (byLanguage ? languageBands(grid, shown) : []), [grid, shown, byLanguage]);
  const baselineName = rows.find(({ model }) => model.key === baseline)?.model.name ?? '';
  const idOf = ({ row, column }: Spot) => `result-cell-${row}-${column}`;
  const perform = (at: Spot) => {
    const column = grid[at.column];
    const row = rows[at.row];
    if (at.row === -1 && column !== undefined) pressHead(column);
    else if (row !== undefined && column?.kind === 'column')
      moveInResults({ cell: { model: row.model.key, column: columns[column.place]?.key ?? null } });
    else if (row !== undefined) moveInResults({ cell: { model: row.model.key, column: null } });
  };
  const pressHead = (column: GridColumn) => moveInResults({ choice: { sort: nextSort(sort, byOf(column)) } });
  const byOf = (column: GridColumn): string =>
    column.kind === 'name'
      ? 'name'
      : column.kind === 'mean'
        ? `mean:${means[column.place]?.label ?? ''}`
        : (columns[column.place]?.key ?? '');
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return;
    const next = movedBy(event, spot, { rows: rows.length, columns: grid.length });
    if (next !== null) {
      event.preventDefault();
      setWanted(next);
      if (next.row >= 0) virtual.scrollToIndex(next.row);
      document.getElementById(idOf(next))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const acted = act(event.key);
    if (!acted) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const act = (key: string): boolean => {
    const column = grid[spot.column];
    const row = rows[spot.row];
    const task = spot.row === -1 && column?.kind === 'column' ? columns[column.place] : undefined;
    const { choice } = place;
    if (key === 'Enter' || key === ' ') perform(spot);
    else if (key === 'p' && row) {
      moveInResults({ choice: { pinnedModels: toggled(choice.pinnedModels, row.model.key) } });
    } else if (key === 'p' && task) {
      moveInResults({ choice: { pinnedColumns: toggled(choice.pinnedColumns, task.key) } });
    } else if (key === 'h' && row) {
      moveInResults({ choice: { hiddenModels: [...choice.hiddenModels, row.model.key] } });
    } else if (key === 'h' && task) {
      moveInResults({ choice: { hiddenColumns: [...choice.hiddenColumns, task.key] } });
    } else if (key === 'b' && row) {
      moveInResults({ choice: { baseline: row.isBaseline ? null : row.model.key } });
    } else return false;
    return true;
  };
  const style = {
    '--template': grid
      .map(({ kind }) => (kind === 'name' ? `${NAME_PX}px` : `${kind === 'mean' ? MEAN_PX : COLUMN_PX}px`))
      .join(' '),
    '--name-px': `${NAME_PX}px`,
    '--column-px': `${COLUMN_PX}px`,
  } as CSSProperties;
  return (
    // One stop for Tab; the arrows move from cell to cell.
    <div
      ref={scroll}
      className={styles['grid']}
      style={style}
      role="grid"
      aria-label="Leaderboard"
      aria-rowcount={rows.length + 1}
      aria-colcount={grid.length}
      aria-activedescendant={idOf(spot)}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const target = event.target instanceof Element ? event.target.closest('[data-cell]') : null;
        const [row = Number.NaN, column = Number.NaN] = (target?.getAttribute('data-cell') ?? '')
          .split(' ')
          .map(Number);
        if (target === null || Number.isNaN(row) || Number.isNaN(column)) return;
        setWanted({ row, column });
        perform({ row, column });
        scroll.current?.focus();
      }}
    >
      <div className={styles['head']}>
        {bands.length === 0 ? null : (
          <div className={styles['bands']} aria-hidden>
            <span
              className={styles['bandStart']}
              style={{ gridColumn: `1 / ${(bands[0]?.first ?? 0) + 1}` }}
            />
            {bands.map(({ label, first, count }) => (
              <span
                key={`${label} ${first}`}
                className={styles['band']}
                style={{ gridColumn: `${first + 1} / span ${count}` }}
              >
                <span>{label}</span>
              </span>
            ))}
          </div>
        )}
        <div className={styles['headRow']} role="row" aria-rowindex={1}>
          {grid.map((column, at) => {
            const shared = {
              id: idOf({ row: -1, column: at }),
              spot: `-1 ${at}`,
              isSpot: spot.row === -1 && spot.column === at,
              sort: sort?.by === byOf(column) ? sort : null,
            };
            const task = column.kind === 'column' ? columns[column.place] : undefined;
            const mean = column.kind === 'mean' ? means[column.place] : undefined;
            if (task)
              return (
                <ColumnHead
                  key={task.key}
                  {...shared}
                  column={task}
                  place={place}
                  pinnedAt={column.kind === 'column' ? column.pinnedAt : null}
                />
              );
            return mean ? (
              <MeanHead key={`mean ${mean.label}`} {...shared} mean={mean} columns={columns} />
            ) : (
              <NameHead key="name" {...shared} />
            );
          })}
        </div>
      </div>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <ResultRow
              key={row.model.key}
              row={row}
              index={index}
              top={start}
              shown={shown}
              grid={grid}
              baselineName={baselineName}
              spotColumn={spot.row === index ? spot.column : null}
              chosenColumn={place.cell?.model === row.model.key ? (place.cell.column ?? '') : null}
              hidden={place.choice.hiddenModels}
              pinned={place.choice.pinnedModels}
            />
          );
        })}
      </div>
    </div>
  );
}

/** Numbers are looked at from the largest, names from the first; a third press takes the order back. */
function nextSort(now: LeaderboardSort | null, by: string): LeaderboardSort | null {
  const firstDescending = by !== 'name';
  if (now?.by !== by) return { by, descending: firstDescending };
  return now.descending === firstDescending ? { by, descending: !firstDescending } : null;
}

/** Where a key leads; null for keys that do not move. */
function movedBy(
  { key, ctrlKey, metaKey }: KeyboardEvent,
  { row, column }: Spot,
  size: { readonly rows: number; readonly columns: number },
): Spot | null {
  const far = ctrlKey || metaKey;
  const at = (nextRow: number, nextColumn: number): Spot => ({
    row: Math.max(-1, Math.min(size.rows - 1, nextRow)),
    column: Math.max(0, Math.min(size.columns - 1, nextColumn)),
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
      return at(row - 15, column);
    case 'PageDown':
      return at(row + 15, column);
    case 'Home':
      return at(far ? -1 : row, 0);
    case 'End':
      return at(far ? size.rows - 1 : row, size.columns - 1);
    default:
      return null;
  }
}
