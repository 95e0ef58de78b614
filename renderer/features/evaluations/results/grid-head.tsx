// The heads of the leaderboard's columns: what was asked and how, and what sets a column apart. A click sorts.
import { ArrowDown, ArrowUp, EllipsisVertical, Pin } from 'lucide-react';
import { useState } from 'react';
import type { LeaderboardColumn } from '../../../../core/api/evaluations.ts';
import type { ResultMean } from '../../../../core/lib/evaluations/column-means.ts';
import type { LeaderboardSort } from '../../../../core/lib/evaluations/leaderboard.ts';
import type { CellProps } from '../../../ui/cell-grid-spot.ts';
import { formatQuantity } from '../../../ui/format.ts';
import { Menu } from '../../../ui/menu.tsx';
import { differenceWords, fourDigits, metricWords } from './cell-words.ts';
import { meanName } from './language-name.ts';
import { moveInResults, type ResultsPlace, toggled } from './place.ts';
import styles from './result-grid.module.css';

interface HeadProps {
  readonly cell: CellProps;
  readonly sort: LeaderboardSort | null;
}

const sortWords = (sort: LeaderboardSort | null) =>
  sort === null ? ('none' as const) : sort.descending ? ('descending' as const) : ('ascending' as const);

function SortMark({ sort }: { readonly sort: LeaderboardSort | null }) {
  if (sort === null) return null;
  const Arrow = sort.descending ? ArrowDown : ArrowUp;
  return <Arrow size={12} aria-hidden />;
}

/** What every head is. */
const headProps = ({ cell, sort }: HeadProps) =>
  ({ ...cell, role: 'columnheader', 'aria-sort': sortWords(sort) }) as const;

export function NameHead(head: HeadProps) {
  return (
    <div {...headProps(head)} className={`${styles['headCell']} ${styles['nameHead']}`}>
      <span className={styles['task']}>
        Model <SortMark sort={head.sort} />
      </span>
    </div>
  );
}

export function MeanHead({
  mean,
  columns,
  ...head
}: HeadProps & { readonly mean: ResultMean; readonly columns: readonly LeaderboardColumn[] }) {
  const tasks = mean.over.map((place) => columns[place]?.task ?? '');
  const { outOf = null } = mean;
  return (
    <div
      {...headProps(head)}
      className={`${styles['headCell']} ${styles['meanHead']}`}
      title={meanExplanation(tasks, outOf)}
    >
      <span className={styles['task']}>
        {meanName(mean.label)} <SortMark sort={head.sort} />
      </span>
      <span className={styles['metric']}>
        {outOf === null
          ? `of ${formatQuantity(tasks.length, 'task')}`
          : `shared: ${tasks.length} of ${outOf}`}
      </span>
    </div>
  );
}

function meanExplanation(tasks: readonly string[], outOf: number | null): string {
  if (outOf === null) return `Mean of ${tasks.join(', ')}; a dash where one is missing`;
  return tasks.length === 0
    ? 'No task was asked of every model shown'
    : `Mean of ${tasks.join(', ')}: the tasks of ${outOf} that every model shown was asked`;
}

export function ColumnHead({
  column,
  place,
  pinnedAt,
  ...head
}: HeadProps & {
  readonly column: LeaderboardColumn;
  readonly place: ResultsPlace;
  /** Where it stays, from the names on; null for a column that scrolls. */
  readonly pinnedAt: number | null;
}) {
  const { task, chance, key, settings, isGroup } = column;
  const differs = differenceWords(column);
  const { pinnedColumns, hiddenColumns } = place.choice;
  const isPinned = pinnedColumns.includes(key);
  const [isHot, setHot] = useState(false);
  const [isOpen, setOpen] = useState(false);
  return (
    <div
      {...headProps(head)}
      data-pinned={pinnedAt === null ? undefined : ''}
      className={styles['headCell']}
      style={
        pinnedAt === null ? {} : { left: `calc(var(--first-column-px) + ${pinnedAt} * var(--column-px))` }
      }
      title={[task, metricWords(column), ...settings.slice(2)].join('\n')}
      onPointerEnter={() => setHot(true)}
      onPointerLeave={() => setHot(false)}
    >
      <span className={styles['task']}>
        {isPinned ? <Pin size={11} aria-label="pinned" /> : null}
        <span className={styles['taskName']}>{task}</span> <SortMark sort={head.sort} />
      </span>
      <span className={styles['metric']}>
        {isGroup ? `group · ${metricWords(column)}` : metricWords(column)}
      </span>
      <span className={differs === '' ? styles['chance'] : styles['differs']}>
        {differs === '' ? (chance === null ? '' : `guessing ${fourDigits(chance)}`) : differs}
      </span>
      {/* A press here is no press on the head. */}
      {isHot || isOpen || head.cell['data-spot'] !== undefined ? (
        <span className={styles['headMenu']} role="presentation" onClick={(event) => event.stopPropagation()}>
          <Menu
            label={`Column ${task}`}
            icon={EllipsisVertical}
            isSmall
            isOpen={isOpen}
            onOpenChange={setOpen}
            groups={[
              [
                {
                  id: 'pin',
                  label: isPinned ? 'Unpin' : 'Pin beside the names',
                  keys: 'P',
                  perform: () => moveInResults({ choice: { pinnedColumns: toggled(pinnedColumns, key) } }),
                },
                {
                  id: 'hide',
                  label: 'Hide',
                  keys: 'H',
                  perform: () => moveInResults({ choice: { hiddenColumns: [...hiddenColumns, key] } }),
                },
              ],
            ]}
          />
        </span>
      ) : null}
    </div>
  );
}
