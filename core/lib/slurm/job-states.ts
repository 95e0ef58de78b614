// What Slurm's job states mean for a run. Names as squeue (%T) and sacct print them, Slurm 20.11 to 24.05.

export type JobPhase =
  /** Waits for resources, a dependency or a person. */
  | 'queued'
  | 'running'
  /** Its processes are being cleaned up; how it ended is decided already. */
  | 'completing'
  /** Ended and waits to be started again. */
  | 'requeued'
  | 'ended';

const phases: Readonly<Record<string, JobPhase>> = {
  PENDING: 'queued',
  CONFIGURING: 'queued',
  REQUEUE_HOLD: 'queued',
  SPECIAL_EXIT: 'queued',
  RESV_DEL_HOLD: 'queued',
  RUNNING: 'running',
  SUSPENDED: 'running',
  STOPPED: 'running',
  SIGNALING: 'running',
  STAGE_OUT: 'completing',
  COMPLETING: 'completing',
  REQUEUED: 'requeued',
  REQUEUE_FED: 'requeued',
};

const endings: Readonly<Record<string, string>> = {
  COMPLETED: 'Finished',
  FAILED: 'The command failed',
  TIMEOUT: 'The time limit was reached',
  DEADLINE: 'The deadline was reached',
  OUT_OF_MEMORY: 'It used more memory than it had asked for',
  NODE_FAIL: 'A node failed',
  PREEMPTED: 'Preempted by a job of higher priority',
  BOOT_FAIL: 'A node did not start',
  CANCELLED: 'Cancelled',
  REVOKED: 'Moved to another cluster',
};

/** `CANCELLED by 1003`, `COMPLETED+` and lower case are understood. An unknown name counts as running: it is in the queue. */
export function jobPhase(state: string): JobPhase {
  const name = stateName(state);
  if (name in endings) return 'ended';
  return phases[name] ?? 'running';
}

/** In words; the exit code is told beside it. Null for a job that did not end. */
export function endingWords(state: string): string | null {
  const who = /\bby (\d+)/.exec(state)?.[1];
  const words = endings[stateName(state)] ?? null;
  return words !== null && who !== undefined ? `${words} by user ${who}` : words;
}

/** Waiting reasons that no waiting will change. */
const hopeless: Readonly<Record<string, string>> = {
  DependencyNeverSatisfied: 'The job it waits for failed, so it never starts: cancel it or launch it anew',
  PartitionTimeLimit: 'It asks for more time than the partition allows',
  PartitionNodeLimit: 'It asks for more nodes than the partition has',
  QOSMaxWallDurationPerJobLimit: 'It asks for more time than its QOS allows',
  AssocMaxWallDurationPerJobLimit: 'It asks for more time than its account allows',
  BadConstraints: 'No node of the cluster can ever satisfy what it asks for',
  JobHeldUser: 'It is held by its owner',
  JobHeldAdmin: 'It is held by an administrator',
  launch_failed_requeued_held: 'It could not be started and is held: ask the administrators',
  InvalidAccount: 'Its account does not exist or may not be used',
  InvalidQOS: 'Its QOS does not exist or may not be used',
};

/** A sentence for a waiting reason that needs a person; null for ordinary waiting. */
export function hopelessReason(reason: string): string | null {
  return hopeless[reason.replaceAll(/[()]/g, '')] ?? null;
}

function stateName(state: string): string {
  return (/^[A-Za-z_]+/.exec(state.trim())?.[0] ?? '').toUpperCase();
}
