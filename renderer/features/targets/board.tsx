// What the cluster is doing: free nodes and GPUs by partition, and the queue, mine first. Asked only while it is shown, and never
// faster than the site allows.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BoardJob, BoardPartition, ClusterBoard, Target } from '../../../core/api/targets.ts';
import { slurmTime } from '../../../core/lib/slurm/durations.ts';
import { describeError } from '../../app/describe-error.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { useClient } from '../../app/session.ts';
import { useTimeText } from '../../app/use-now.ts';
import { Switch } from '../../ui/checkbox.tsx';
import { DataTable, type TableColumn } from '../../ui/data-table.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { formatAge, formatClock, formatDateTime, formatDuration, formatQuantity } from '../../ui/format.ts';
import { Section } from '../../ui/pane.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import styles from './targets.module.css';

/** A little after the floor, so that the question is not answered with what is known already. */
const AFTER_FLOOR_MS = 300;
const LEAST_WAIT_MS = 2_000;
/** A table of this many rows is still quick; `nesso target board` prints all of them. */
const SHOWN_JOBS = 300;
const SAME_DAY_MS = 12 * 3_600_000;

export function Board({ target }: { readonly target: Target }) {
  const client = useClient();
  const [isMineOnly, setMineOnly] = useState(false);
  const board = useQuery({
    queryKey: queryKeys.board(target.name),
    queryFn: ({ signal }) => client.targets.board({ name: target.name }, { signal }),
    refetchInterval: ({ state }) =>
      Math.max(LEAST_WAIT_MS, (state.data?.nextMs ?? 0) - Date.now() + AFTER_FLOOR_MS),
  });
  if (board.data === undefined) {
    return board.error ? (
      <div className={styles['padded']}>
        <ErrorState compact {...describeError(board.error)} />
      </div>
    ) : (
      <Skeleton label="Asking the scheduler" rows={4} />
    );
  }
  const { partitions, jobs, jobCount } = board.data;
  const wanted = isMineOnly ? jobs.filter(({ isMine }) => isMine) : jobs;
  const shown = wanted.slice(0, SHOWN_JOBS);
  return (
    <>
      <Section title="Free now" aside={<Age board={board.data} />}>
        {board.data.problem === null ? null : (
          <p className={styles['stale']} role="status">
            {board.data.problem}
          </p>
        )}
        <div className={styles['table']}>
          <DataTable
            label="Free now"
            columns={partitionColumns}
            rows={partitions}
            idOf={({ name }) => name}
          />
        </div>
      </Section>
      <Section
        title={`Queue · ${formatQuantity(jobCount, 'job')}`}
        aside={
          <Switch isSelected={isMineOnly} onChange={setMineOnly}>
            Mine only
          </Switch>
        }
      >
        {shown.length === 0 ? (
          <p className={styles['note']}>
            {isMineOnly ? 'None of the jobs is yours.' : 'The queue is empty.'}
          </p>
        ) : (
          <div className={styles['table']}>
            <DataTable label="Queue" columns={jobColumns} rows={shown} idOf={({ id }) => id} />
          </div>
        )}
        {shown.length < wanted.length || jobs.length < jobCount ? (
          <p className={styles['note']}>
            The first {shown.length} of {formatQuantity(isMineOnly ? wanted.length : jobCount, 'job')}, yours
            first.
          </p>
        ) : null}
      </Section>
    </>
  );
}

function Age({ board }: { readonly board: ClusterBoard }) {
  const text = useTimeText(1_000, (nowMs) => {
    const waitMs = board.nextMs - nowMs;
    const asked = board.askedMs === 0 ? 'never answered' : `asked ${formatAge(board.askedMs, nowMs)}`;
    const next = waitMs > 1_000 ? `next in ${formatDuration(Math.ceil(waitMs / 1000) * 1000)}` : 'asking';
    return `${asked} · ${next}`;
  });
  return <span className={styles['quiet']}>{text}</span>;
}

const partitionColumns: readonly TableColumn<BoardPartition>[] = [
  { id: 'name', header: 'Partition', cell: ({ name }) => <span className={styles['name']}>{name}</span> },
  {
    id: 'gpus',
    header: 'Free GPUs',
    align: 'right',
    cell: ({ gpus }) =>
      gpus.length === 0
        ? '–'
        : gpus
            .map(({ type, free, total }) => `${free} of ${total}${type === 'gpu' ? '' : ` ${type}`}`)
            .join(', '),
  },
  {
    id: 'nodes',
    header: 'Idle nodes',
    align: 'right',
    cell: ({ nodes }) =>
      `${nodes.idle} of ${nodes.total}${nodes.unusable === 0 ? '' : `, ${nodes.unusable} not usable`}`,
  },
  { id: 'cpus', header: 'Free cores', align: 'right', cell: ({ cpus }) => `${cpus.free} of ${cpus.total}` },
  { id: 'running', header: 'Running', align: 'right', cell: ({ running }) => running },
  { id: 'waiting', header: 'Waiting', align: 'right', cell: ({ waiting }) => waiting },
];

const jobColumns: readonly TableColumn<BoardJob>[] = [
  { id: 'id', header: 'Job', cell: ({ id }) => <span className={styles['mono']}>{id}</span> },
  {
    id: 'name',
    header: 'Name',
    cell: ({ name }) => (
      <span className={styles['cut']} title={name}>
        {name}
      </span>
    ),
  },
  { id: 'user', header: 'User', cell: ({ user, isMine }) => (isMine ? <strong>{user}</strong> : user) },
  {
    id: 'state',
    header: 'State',
    cell: ({ state, reason }) => `${state.toLowerCase()}${reason === '' ? '' : ` · ${reason}`}`,
  },
  {
    id: 'start',
    header: 'Start',
    cell: ({ startMs, state }) =>
      startMs === null ? 'not known' : `${state === 'PENDING' ? 'est. ' : ''}${startText(startMs)}`,
  },
  {
    id: 'time',
    header: 'Time of limit',
    align: 'right',
    cell: ({ elapsedSeconds, limitSeconds, state }) =>
      `${state === 'PENDING' || elapsedSeconds === null ? '–' : slurmTime(elapsedSeconds)} / ${limitSeconds === null ? 'none' : slurmTime(limitSeconds)}`,
  },
  { id: 'gpus', header: 'GPUs', align: 'right', cell: ({ gpus }) => gpus },
  { id: 'nodes', header: 'Nodes', align: 'right', cell: ({ nodes }) => nodes },
  { id: 'partition', header: 'Partition', cell: ({ partition }) => partition },
];

/** The clock alone while it cannot be mistaken for another day. */
function startText(ms: number): string {
  return Math.abs(ms - Date.now()) < SAME_DAY_MS ? formatClock(ms) : formatDateTime(ms);
}
