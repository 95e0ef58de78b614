// What state a run on another computer is in, and when it is over: from what the scheduler said last and from what the batch
// script itself wrote. A link that is down changes nothing but how old the answer is.
import type { Run, TaskCounts } from '../../api/runs.ts';
import { endingAdvice, endingWords, hopelessReason, jobPhase } from '../slurm/job-states.ts';
import { warningSeconds } from '../slurm/batch-script.ts';
import { countTasks, endOfArray, tasksOf } from './array-tasks.ts';
import type { AttemptLine, ExitFile, RemoteFile, StopFile } from './run-files.ts';

/** The script tells time in whole seconds. */
const CLOCK_STEP_MS = 1000;

/** Slurm warns before a time limit up to a minute earlier than it was told to (sbatch, --signal). */
const EARLY_WARNING_MS = 65_000;

/** Beside the state of a run of which nothing is known to be wrong. */
export const BEING_SUBMITTED = 'Being submitted';

export interface RemoteEvidence {
  /** Null before the first look. */
  readonly remote: RemoteFile | null;
  readonly attempts: readonly AttemptLine[];
  readonly stop: StopFile | null;
  /** As sbatch was given it; null for one job. */
  readonly array?: string | null;
}

export interface EndEvidence extends RemoteEvidence {
  /** What Slurm itself wrote at the end of the log, as the name of a state; null where it wrote nothing. */
  readonly stateInLog?: string | null;
}

/** While it is not over. */
export function judgeRemote(evidence: RemoteEvidence): Pick<Run, 'state' | 'detail'> {
  const { remote, attempts, stop, array = null } = evidence;
  if (remote === null || (remote.jobId === null && remote.state === '')) {
    return { state: 'starting', detail: remote?.problem ?? BEING_SUBMITTED };
  }
  const phase = remote.state === '' ? 'queued' : jobPhase(remote.state);
  // The script's own word is newer than the last answer of a scheduler that is asked twice a minute.
  const last = newestOf(attempts, remote.jobId);
  const hasStarted = last !== undefined && last.atMs + CLOCK_STEP_MS > (remote.seenMs ?? 0);
  const isQueued = (phase === 'queued' || phase === 'requeued') && !hasStarted;
  const state = isQueued ? 'queued' : stop ? 'stopping' : 'running';
  if (remote.unknownSinceMs !== null) {
    return { state, detail: `Unknown since ${clock(remote.unknownSinceMs)}: the target cannot be asked` };
  }
  if (remote.jobId === null) {
    return { state, detail: 'No job of it is known: whether it still works shows in its files alone' };
  }
  if (array !== null && state !== 'queued') {
    return {
      state,
      detail: countWords(countTasks(tasksOf({ array, remote, attempts, stop, isOver: false }))),
    };
  }
  if (state !== 'queued') {
    const hasEnded = hasStarted && last.event === 'ended';
    return {
      state,
      detail: hasEnded ? 'Its script has ended; Slurm has not said so yet' : restartsOf(attempts),
    };
  }
  return {
    state,
    detail: hopelessReason(remote.reason) ?? waitingWords(remote.reason) ?? restartsOf(attempts),
  };
}

/** How it ended; null while it may go on. `nowMs` is the clock of the computer that asks. */
export function endOf(evidence: EndEvidence, nowMs: number): ExitFile | null {
  const { remote, attempts, stop, array = null } = evidence;
  if (remote === null || remote.unknownSinceMs !== null) return null;
  if (remote.jobId === null && remote.state === '') return null;
  const words = endingWords(remote.state);
  if (words === null && remote.goneMs === null) return null;
  const last = newestOf(attempts, remote.jobId);
  const ended = last?.event === 'ended' ? last : null;
  // The cluster's clock is another one: an end that is seen after a stop was asked for is that stop's.
  const endedMs = Math.max(ended?.atMs ?? remote.goneMs ?? nowMs, stop?.requestedMs ?? 0);
  if (array !== null) {
    const newestMs = Math.max(0, ...attempts.map(({ atMs }) => atMs)) || endedMs;
    const tasks = tasksOf({ array, remote, attempts, stop, isOver: true });
    return endOfArray(tasks, Math.max(newestMs, stop?.requestedMs ?? 0));
  }
  const isCancelled = /^CANCELLED/i.test(remote.state);
  if (isCancelled && last === undefined && remote.reason === 'DependencyNeverSatisfied') {
    const error = 'The job it waited for failed, so it never started';
    return { exitCode: null, signal: null, endedMs, error };
  }
  const isPlain =
    words === null ||
    words === 'Finished' ||
    words === 'The command failed' ||
    // A job that ended while the controller was down is one that Slurm cancels for being gone; nobody had asked it to end.
    (ended !== null && isCancelled && !wasWarned(attempts));
  if (isPlain && !isCancelled && stop === null && ended !== null && endedAtWarning(remote, attempts)) {
    const error = `It ended at the warning before its time limit: ${endingAdvice('TIMEOUT') ?? ''}`;
    return { exitCode: ended.exitCode, signal: null, endedMs, error };
  }
  // Slurm's own words in the log say why where nothing else does.
  const state = isPlain && ended?.exitCode !== 0 ? evidence.stateInLog : isPlain ? null : remote.state;
  const why = state ? explained(state) : null;
  if (why !== null) return { exitCode: ended?.exitCode ?? null, signal: null, endedMs, error: why };
  // What the script noted is exact.
  if (ended !== null) return { exitCode: ended.exitCode, signal: null, endedMs };
  if (words === 'Finished') return { exitCode: 0, signal: null, endedMs };
  if (words !== null) return { exitCode: null, signal: null, endedMs, error: words };
  if (remote.lost) return { exitCode: null, signal: null, endedMs, error: remote.reason, lost: true };
  const neverRan = last === undefined && (remote.state === '' || jobPhase(remote.state) === 'queued');
  const gone = neverRan
    ? 'It left the queue before it started: cancelled, or forgotten by the controller'
    : 'It vanished without a word: killed for memory, its node failed, or it was cancelled';
  return { exitCode: null, signal: null, endedMs, error: gone };
}

/** Since its newest start: whether somebody, or Slurm before the time limit, asked it to end. */
function wasWarned(attempts: readonly AttemptLine[]): boolean {
  const start = attempts.findLastIndex(({ event }) => event === 'started');
  return attempts.slice(start + 1).some(({ event }) => event === 'warned');
}

/** A program that does not know the warning ends by it, and Slurm calls that a failure. */
function endedAtWarning({ limitSeconds }: RemoteFile, attempts: readonly AttemptLine[]): boolean {
  if (limitSeconds === null || attempts.at(-1)?.exitCode === 0 || !wasWarned(attempts)) return false;
  const startedMs = attempts.findLast(({ event }) => event === 'started')?.atMs ?? 0;
  const warnedMs = attempts.findLast(({ event }) => event === 'warned')?.atMs ?? 0;
  const leftMs = startedMs + limitSeconds * 1000 - warnedMs;
  return leftMs <= warningSeconds(limitSeconds) * 1000 + EARLY_WARNING_MS;
}

/** How such an end reads, with what can be done about it. Null for the name of a state that is no end. */
function explained(state: string): string | null {
  const words = endingWords(state);
  const todo = endingAdvice(state);
  return words === null || todo === null ? words : `${words}: ${todo}`;
}

/** `3 running · 12 waiting · 1 failed` */
function countWords({ running, queued, done, failed, stopped, lost }: TaskCounts): string {
  const parts: readonly (readonly [number, string])[] = [
    [running, 'running'],
    [queued, 'waiting'],
    [done, 'done'],
    [failed, 'failed'],
    [stopped, 'stopped'],
    [lost, 'lost'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(' · ');
}

/** Lines of earlier jobs of the same run tell nothing about this one. */
function newestOf(attempts: readonly AttemptLine[], jobId: string | null): AttemptLine | undefined {
  if (jobId === null) return attempts.at(-1);
  return attempts.findLast(({ job }) => job === jobId || job === '');
}

function restartsOf(attempts: readonly AttemptLine[]): string | null {
  const starts = attempts.filter(({ event }) => event === 'started').length;
  return starts > 1 ? `Attempt ${starts}` : null;
}

const ordinary: Readonly<Record<string, string>> = {
  Priority: 'Waits: other jobs come first',
  Resources: 'Waits for free nodes',
  Dependency: 'Waits for another job',
  BeginTime: 'Waits for its start time',
  JobArrayTaskLimit: 'Waits: its array runs as many tasks at once as it may',
  ReqNodeNotAvail: 'Waits: a node it needs is down or reserved',
};

function waitingWords(reason: string): string | null {
  if (reason === '') return null;
  return ordinary[reason.split(',')[0] ?? ''] ?? `Waits: ${reason}`;
}

/** Only the window knows the reader's time zone; a fixed form says so. */
function clock(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
