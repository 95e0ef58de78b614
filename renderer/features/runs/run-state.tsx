// A run's state as a dot and a word; the colour never stands alone.
import type { Run, RunState } from '../../../core/api/runs.ts';
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

export function RunStateMark({
  state,
  withWord = false,
}: {
  readonly state: RunState;
  readonly withWord?: boolean;
}) {
  return (
    <span className={styles['mark']} data-state={state} title={words[state]}>
      <span className={styles['dot']} aria-hidden="true" />
      {withWord ? words[state] : <span className="visually-hidden">{words[state]}</span>}
    </span>
  );
}
