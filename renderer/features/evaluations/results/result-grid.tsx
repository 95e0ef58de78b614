// The leaderboard as a grid: models down, tasks across; names and pinned columns stay.
// Enter sorts by a head or shows what a cell says, P pins, B makes the baseline, H hides.
import { type CSSProperties, useMemo } from 'react';
import type { LeaderboardSort, ShownLeaderboard } from '../../../../core/lib/evaluations/leaderboard.ts';
import { CellGrid, GridHeadRow } from '../../../ui/cell-grid.tsx';
import { cellProps, type Spot } from '../../../ui/cell-grid-spot.ts';
import { type GridColumn, gridColumns, languageBands } from './grid-columns.ts';
import { moveInResults, type ResultsPlace, toggled } from './place.ts';
import { ColumnHead, MeanHead, NameHead } from './grid-head.tsx';
import styles from './result-grid.module.css';
import { GRID, ResultRow } from './result-row.tsx';

const ROW_PX = 28;
/** A mean and a task are as wide as `0.3276 ± 0.0137 ▲`. */
const WIDTHS_PX = { name: 250, mean: 108, column: 118 } as const;

export interface ResultGridProps {
  readonly shown: ShownLeaderboard;
  readonly place: ResultsPlace;
}

export function ResultGrid({ shown, place }: ResultGridProps) {
  const { columns, means, rows } = shown;
  const { byLanguage, sort, baseline } = place.choice;
  const grid = useMemo(() => gridColumns(shown, byLanguage), [shown, byLanguage]);
  const bands = useMemo(() => (byLanguage ? languageBands(grid, shown) : []), [grid, shown, byLanguage]);
  const baselineName = rows.find(({ model }) => model.key === baseline)?.model.name ?? '';
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
  const act = (key: string, spot: Spot): boolean => {
    const column = grid[spot.column];
    const row = rows[spot.row];
    const task = spot.row === -1 && column?.kind === 'column' ? columns[column.place] : undefined;
    const { choice } = place;
    if (key === ' ') perform(spot);
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
  const head = (spot: Spot) => (
    <>
      {bands.length === 0 ? null : (
        <div className={styles['bands']} aria-hidden>
          <span className={styles['bandStart']} style={{ gridColumn: `1 / ${(bands[0]?.first ?? 0) + 1}` }} />
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
      <GridHeadRow>
        {grid.map((column, at) => {
          const shared = {
            cell: cellProps(GRID, { row: -1, column: at }, spot.row === -1 && spot.column === at),
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
      </GridHeadRow>
    </>
  );
  return (
    <CellGrid
      label="Leaderboard"
      name={GRID}
      rows={rows.length}
      columns={grid.length}
      rowPx={ROW_PX}
      template={grid.map(({ kind }) => `${WIDTHS_PX[kind]}px`).join(' ')}
      firstColumnPx={WIDTHS_PX.name}
      walksHead
      style={{ '--column-px': `${WIDTHS_PX.column}px` } as CSSProperties}
      head={head}
      row={({ index, top, spotColumn }) => {
        const row = rows[index];
        return row === undefined ? null : (
          <ResultRow
            key={row.model.key}
            row={row}
            index={index}
            top={top}
            shown={shown}
            grid={grid}
            baselineName={baselineName}
            spotColumn={spotColumn}
            chosenColumn={place.cell?.model === row.model.key ? (place.cell.column ?? '') : null}
            hidden={place.choice.hiddenModels}
            pinned={place.choice.pinnedModels}
          />
        );
      }}
      onPress={perform}
      onKey={act}
    />
  );
}

/** Numbers are looked at from the largest, names from the first; a third press takes the order back. */
function nextSort(now: LeaderboardSort | null, by: string): LeaderboardSort | null {
  const firstDescending = by !== 'name';
  if (now?.by !== by) return { by, descending: firstDescending };
  return now.descending === firstDescending ? { by, descending: !firstDescending } : null;
}
