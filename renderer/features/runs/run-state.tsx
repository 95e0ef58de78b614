// A run's state as a dot and a word; the colour never stands alone.
import type { Run, RunState } from '../../../core/api/runs.ts';
import { formatDateTime, formatTime } from '../../ui/format.ts';
import styles from './run-state.module.css';

const words: Readonly<Record<RunState, string>> = {
  starting: 'starting',
  queued: 'queued',
  running: 'running',
  stopping: 'stopping',
  done: 'done',
  failed: 'failed',
  stopped: 'stopped',
  lost: 'lost',
};

export function isLive(run: Pick<Run, 'state'>): boolean {
  return (
    run.state === 'starting' || run.state === 'queued' || run.state === 'running' || run.state === 'stopping'
  );
}

/** A state that cannot be asked for now is one that was: it never looks like one that is. */
export function RunStateMark({
  run: { state, unknownSinceMs },
  withWord = false,
}: {
  readonly run: Pick<Run, 'state' | 'unknownSinceMs'>;
  readonly withWord?: boolean;
}) {
  const isUnknown = unknownSinceMs !== null;
  const word = isUnknown ? `unknown, was ${words[state]}` : words[state];
  return (
    <span className={styles['mark']} data-state={isUnknown ? 'unknown' : state} title={word}>
      <span className={styles['dot']} aria-hidden="true" />
      {withWord ? word : <span className="visually-hidden">{word}</span>}
    </span>
  );
}

const DAY_MS = 86_400_000;

/** `unknown since 14:05`, while the target cannot be asked: in the reader's time, with the day where it may be another. */
export function unknownWords(sinceMs: number): string {
  const isLongAgo = Date.now() - sinceMs > DAY_MS / 2;
  return `unknown since ${isLongAgo ? formatDateTime(sinceMs) : formatTime(sinceMs)}`;
}
