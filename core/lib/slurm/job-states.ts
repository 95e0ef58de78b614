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
  const who = /\bby (\S+)/.exec(state)?.[1];
  const words = endings[stateName(state)] ?? null;
  if (words === null || who === undefined) return words;
  return /^\d+$/.test(who) ? `${words} by user ${who}` : `${words} by ${who}`;
}

const advice: Readonly<Record<string, string>> = {
  TIMEOUT: 'resume it from its last checkpoint, or ask for more time',
  DEADLINE: 'launch it anew with a later deadline',
  OUT_OF_MEMORY: 'ask for more memory a node, or make its batches smaller',
  NODE_FAIL: 'resume it from its last checkpoint; with requeue Slurm starts it again by itself',
  PREEMPTED: 'resume it from its last checkpoint; with requeue Slurm starts it again by itself',
  BOOT_FAIL: 'launch it again; tell the administrators when it fails on the same node',
};

/** What a person can do about such an end; null where the words say all. */
export function endingAdvice(state: string): string | null {
  return advice[stateName(state)] ?? null;
}

/** Waiting reasons that no waiting will change. */
const hopeless: Readonly<Record<string, string>> = {
  DependencyNeverSatisfied: 'The job it waits for failed, so it never starts: cancel it or launch it anew',
  PartitionTimeLimit: 'It asks for more time than the partition allows: cancel it and launch it with less',
  PartitionNodeLimit: 'It asks for more nodes than the partition has: cancel it and launch it with fewer',
  PartitionDown: 'Its partition is closed: wait for the administrators, or choose another one',
  PartitionInactive: 'Its partition is closed: wait for the administrators, or choose another one',
  QOSMaxWallDurationPerJobLimit:
    'It asks for more time than its QOS allows: cancel it and launch it with less',
  AssocMaxWallDurationPerJobLimit:
    'It asks for more time than its account allows: cancel it and launch it with less',
  AssocGrpBillingMinutes:
    'Its account has no hours left: ask whoever manages them, or choose another account',
  AssocGrpCPUMinutesLimit:
    'Its account has no hours left: ask whoever manages them, or choose another account',
  AssocGrpGRESMinutes: 'Its account has no hours left: ask whoever manages them, or choose another account',
  BadConstraints: 'No node of the cluster can ever satisfy what it asks for: cancel it and ask for less',
  JobHeldUser: 'It is held by its owner: scontrol release lets it go',
  JobHeldAdmin: 'It is held by an administrator: ask them',
  launch_failed_requeued_held: 'It could not be started and is held: ask the administrators',
  InvalidAccount: 'Its account does not exist or may not be used: cancel it and choose another one',
  InvalidQOS: 'Its QOS does not exist or may not be used: cancel it and choose another one',
  JobArrayTaskFailed: 'A task of the array it belongs to failed: cancel it or launch it anew',
};

/** A sentence for a waiting reason that needs a person; null for ordinary waiting. */
export function hopelessReason(reason: string): string | null {
  return hopeless[reason.replaceAll(/[()]/g, '')] ?? null;
}

function stateName(state: string): string {
  return (/^[A-Za-z_]+/.exec(state.trim())?.[0] ?? '').toUpperCase();
}
