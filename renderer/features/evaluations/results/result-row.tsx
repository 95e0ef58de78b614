// One model of the leaderboard: its name and what may be done with it, its means, its values.
import { EllipsisVertical, Pin } from 'lucide-react';
import { memo, useState } from 'react';
import type { EvaluatedModel, LeaderboardCell, LeaderboardColumn } from '../../../../core/api/evaluations.ts';
import type { AgainstBaseline } from '../../../../core/lib/evaluations/against-baseline.ts';
import type { ShownLeaderboard, ShownMean, ShownRow } from '../../../../core/lib/evaluations/leaderboard.ts';
import { href, navigate } from '../../../app/route.ts';
import { rowProps } from '../../../ui/cell-grid.tsx';
import { type CellProps, cellProps } from '../../../ui/cell-grid-spot.ts';
import { Menu, type MenuEntry } from '../../../ui/menu.tsx';
import type { GridColumn } from './grid-columns.ts';
import { againstSign, cellLabel, fourDigits } from './cell-words.ts';
import { meanName } from './language-name.ts';
import { moveInResults, toggled } from './place.ts';
import styles from './result-grid.module.css';

/** Name of the grid. */
export const GRID = 'result';

export interface ResultRowProps {
  readonly row: ShownRow;
  readonly index: number;
  readonly top: number;
  readonly shown: ShownLeaderboard;
  readonly grid: readonly GridColumn[];
  readonly baselineName: string;
  /** Of the grid; null while another row has it. */
  readonly spotColumn: number | null;
  /** Key of the column whose cell is shown beside; empty for the row; null for another row. */
  readonly chosenColumn: string | null;
  readonly hidden: readonly string[];
  readonly pinned: readonly string[];
}

export const ResultRow = memo(function ResultRow(props: ResultRowProps) {
  const { row, index, top, shown, grid, baselineName, spotColumn, chosenColumn } = props;
  const { columns, means, best, bestMeans } = shown;
  const { model, isPinned, isBaseline } = row;
  const [isHot, setHot] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const spotOf = (column: number) => cellProps(GRID, { row: index, column }, spotColumn === column);
  const drawn = (own: GridColumn, at: number) => {
    if (own.kind === 'name') return null;
    const { place } = own;
    const mean = own.kind === 'mean' ? means[place] : undefined;
    if (mean !== undefined) {
      return (
        <Mean
          key={`mean ${mean.label}`}
          spot={spotOf(at)}
          label={`${model.name}, ${meanName(mean.label)}`}
          mean={row.means[place] ?? null}
          isBest={bestMeans[place]?.includes(index) ?? false}
        />
      );
    }
    const column = columns[place];
    return column === undefined ? null : (
      <Value
        key={column.key}
        spot={spotOf(at)}
        column={column}
        cell={row.cells[place] ?? null}
        isBest={best[place]?.includes(index) ?? false}
        against={row.against[place] ?? null}
        model={model.name}
        baseline={baselineName}
        isChosen={chosenColumn === column.key}
        pinnedAt={own.kind === 'column' ? own.pinnedAt : null}
      />
    );
  };
  return (
    <div
      {...rowProps(index, top)}
      data-reference={model.reference === null ? undefined : ''}
      data-pinned-row={isPinned ? '' : undefined}
      onPointerEnter={() => setHot(true)}
      onPointerLeave={() => setHot(false)}
    >
      <div role="rowheader" {...spotOf(0)} className={styles['name']} title={nameTitle(model)}>
        {isPinned ? <Pin size={11} aria-label="pinned" /> : null}
        <span className={styles['nameText']}>{model.name}</span>
        {isBaseline ? <span className={styles['baseline']}>baseline</span> : null}
        {/* A button a row would be a stop for Tab a row. A press here is no press on the row. */}
        {isHot || isOpen || spotColumn === 0 ? (
          <span className={styles['menu']} role="presentation" onClick={(event) => event.stopPropagation()}>
            <Menu
              label={`Model ${model.name}`}
              icon={EllipsisVertical}
              isSmall
              isOpen={isOpen}
              onOpenChange={setOpen}
              groups={entriesOf(props)}
            />
          </span>
        ) : null}
      </div>
      {grid.map(drawn)}
    </div>
  );
});

function nameTitle({ name, key, reference, run }: EvaluatedModel): string {
  const plain = key.replace(/^(model|run|reference):/, '');
  return [
    name,
    plain === name ? '' : plain,
    reference === null ? '' : reference.title,
    run?.tokens == null ? '' : `${run.tokens.toLocaleString('en-US')} tokens`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function entriesOf({ row, hidden, pinned }: ResultRowProps): readonly (readonly MenuEntry[])[] {
  const { model, isPinned, isBaseline } = row;
  const { key, run, modelPath } = model;
  const open: MenuEntry[] = [
    ...(run === null
      ? []
      : [
          {
            id: 'run',
            label: `Open run ${run.name}`,
            perform: () => navigate(href('runs', run.id)),
          },
        ]),
    ...(modelPath === null
      ? []
      : [{ id: 'model', label: 'Open the model', perform: () => navigate(href('models', modelPath)) }]),
  ];
  return [
    [
      {
        id: 'pin',
        label: isPinned ? 'Unpin' : 'Pin to the top',
        keys: 'P',
        perform: () => moveInResults({ choice: { pinnedModels: toggled(pinned, key) } }),
      },
      {
        id: 'baseline',
        label: isBaseline ? 'No baseline' : 'Use as baseline',
        keys: 'B',
        perform: () => moveInResults({ choice: { baseline: isBaseline ? null : key } }),
      },
      {
        id: 'hide',
        label: 'Hide',
        keys: 'H',
        perform: () => moveInResults({ choice: { hiddenModels: [...hidden, key] } }),
      },
    ],
    ...(open.length === 0 ? [] : [open]),
  ];
}

interface Spotted {
  readonly spot: CellProps;
}

interface ValueProps extends Spotted {
  readonly column: LeaderboardColumn;
  readonly cell: LeaderboardCell | null;
  readonly isBest: boolean;
  readonly against: AgainstBaseline | null;
  readonly model: string;
  readonly baseline: string;
  readonly isChosen: boolean;
  readonly pinnedAt: number | null;
}

function Value({ spot, column, cell, isBest, against, model, baseline, isChosen, pinnedAt }: ValueProps) {
  const label = cellLabel({ model, column, cell, isBest, against, baseline });
  const verdict = against?.verdict;
  return (
    <div
      role="gridcell"
      {...spot}
      className={styles['cell']}
      aria-label={label}
      aria-selected={isChosen}
      title={label}
      data-best={isBest ? '' : undefined}
      data-pinned={pinnedAt === null ? undefined : ''}
      style={
        pinnedAt === null ? {} : { left: `calc(var(--first-column-px) + ${pinnedAt} * var(--column-px))` }
      }
    >
      {cell === null ? (
        <span className={styles['missing']}>–</span>
      ) : (
        <>
          {cell.differs.length > 0 ? <span className={styles['apart']}>≠</span> : null}
          <span className={styles['value']}>{fourDigits(cell.value)}</span>
          <span className={styles['error']}>
            {cell.standardError === null ? '' : `±${cell.standardError.toFixed(4).replace(/^0/, '')}`}
          </span>
          <span className={styles['sign']} data-verdict={verdict}>
            {against === null ? '' : againstSign(against)}
          </span>
        </>
      )}
    </div>
  );
}

function Mean({
  spot,
  label,
  mean,
  isBest,
}: Spotted & { readonly label: string; readonly mean: ShownMean | null; readonly isBest: boolean }) {
  const words =
    mean === null
      ? `${label}: a task is missing`
      : `${label}: ${fourDigits(mean.value)}${mean.standardError === null ? '' : ` ± ${fourDigits(mean.standardError)}`}${isBest ? '; best' : ''}`;
  return (
    <div
      role="gridcell"
      {...spot}
      className={`${styles['cell']} ${styles['mean']}`}
      aria-label={words}
      title={words}
      data-best={isBest ? '' : undefined}
    >
      {mean === null ? (
        <span className={styles['missing']}>–</span>
      ) : (
        <>
          <span className={styles['value']}>{fourDigits(mean.value)}</span>
          <span className={styles['error']}>
            {mean.standardError === null ? '' : `±${mean.standardError.toFixed(4).replace(/^0/, '')}`}
          </span>
        </>
      )}
    </div>
  );
}
