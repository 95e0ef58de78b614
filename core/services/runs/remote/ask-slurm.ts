// What Slurm says about the runs that are followed: one question about the queue for all of them, and one about its accounts where
// jobs have left the queue without anybody knowing why.
import { jobNameOf } from '../../../lib/runs/run-files.ts';
import { accountsScript, type AccountRow, parseAccounts } from '../../../lib/slurm/accounts.ts';
import { jobPhase } from '../../../lib/slurm/job-states.ts';
import { parseQueue, type QueuedJob, queueScript } from '../../../lib/slurm/queue.ts';
import { taskNumbers } from '../../../lib/runs/array-tasks.ts';
import { runInBackground } from '../../targets/background-command.ts';
import type { Connection } from '../../targets/connection.ts';
import { changeRemote, type Followed } from './followed-run.ts';

const TIMEOUT_MS = 60_000;
/** A site without accounts may get some; it is asked that rarely. */
const ACCOUNTS_AGAIN_MS = 3_600_000;

export interface SlurmAsker {
  /** Changes what is known of each run. A controller that is down says nothing, and nothing is changed. */
  ask(connection: Connection, runs: readonly Followed[]): Promise<void>;
}

export function createSlurmAsker(): SlurmAsker {
  let noAccountsMs = Number.NEGATIVE_INFINITY;

  const askAccounts = async (connection: Connection, runs: readonly Followed[]): Promise<void> => {
    if (runs.length === 0 || Date.now() - noAccountsMs < ACCOUNTS_AGAIN_MS) return;
    const ids = runs.flatMap(({ remote }) => remote.jobId ?? []);
    const { exitCode, stdout } = await runInBackground(connection, accountsScript(ids), {
      timeoutMs: TIMEOUT_MS,
    });
    if (exitCode !== 0) {
      noAccountsMs = Date.now();
      return;
    }
    const rows = parseAccounts(new TextDecoder().decode(stdout));
    for (const run of runs) await takeAccounts(run, rows);
  };

  return {
    async ask(connection, all) {
      const runs = all.filter(({ remote }) => remote.jobId !== null);
      for (const run of all) if (run.remote.jobId === null) await takeNotes(run);
      if (runs.length === 0) return;
      const names = runs.flatMap((run) => nameOf(run) ?? []);
      const ids = runs.flatMap(({ place, remote }) => (place.attached === null ? [] : (remote.jobId ?? [])));
      const { exitCode, stdout } = await runInBackground(connection, queueScript({ names, ids }), {
        timeoutMs: TIMEOUT_MS,
      });
      if (exitCode !== 0) return;
      const rows = parseQueue(new TextDecoder().decode(stdout));
      const nowMs = Date.now();
      for (const run of runs) await takeQueue(run, rows, nowMs);
      await askAccounts(connection, runs.filter(isUnexplained));
    },
  };
}

/** Null for a run that others launched: its name may be anybody's, so it is asked for by its number. */
function nameOf({ record, place }: Followed): string | null {
  return place.attached === null ? jobNameOf(record) : null;
}

/** Of a run without a job its script's own note is all there will ever be. */
export async function takeNotes(run: Followed): Promise<void> {
  const nowMs = Date.now();
  const isOver = run.remote.lost || run.attempts.at(-1)?.event === 'ended';
  await changeRemote(run, {
    seenMs: nowMs,
    unknownSinceMs: null,
    ...(isOver ? { goneMs: run.remote.goneMs ?? nowMs } : {}),
  });
}

async function takeQueue(run: Followed, rows: readonly QueuedJob[], nowMs: number): Promise<void> {
  const name = nameOf(run);
  const isAttached = run.place.attached !== null;
  const own = rows.filter((row) => (isAttached ? row.id === run.remote.jobId : row.name === name));
  const seen = { seenMs: nowMs, unknownSinceMs: null };
  const [newest] = [...own].sort((left, right) => Number(right.id) - Number(left.id));
  if (newest === undefined) {
    const gone = { ...seen, goneMs: run.remote.goneMs ?? nowMs };
    const lost = { lost: true, reason: 'Its job had left the queue, and nothing tells how it ended' };
    await changeRemote(run, isAttached ? { ...gone, ...lost } : gone);
    return;
  }
  const ofJob = own.filter(({ id }) => id === newest.id);
  const { state, reason, limitSeconds } = newest;
  if (run.place.resources.array === null) {
    await changeRemote(run, { ...seen, state, reason, limitSeconds, goneMs: null });
    return;
  }
  const tasks = { ...run.remote.tasks };
  for (const { arrayTask, state, reason } of ofJob)
    for (const task of taskNumbers(arrayTask ?? '')) tasks[String(task)] = { state, reason };
  // Those that run speak for the whole, then those that wait.
  const speaker =
    ofJob.find(({ state }) => ['running', 'completing'].includes(jobPhase(state))) ??
    ofJob.find(({ state }) => jobPhase(state) !== 'ended') ??
    newest;
  await changeRemote(run, {
    ...seen,
    state: speaker.state,
    reason: speaker.reason,
    limitSeconds,
    goneMs: null,
    tasks,
  });
}

/** Gone without a word, or started more often than anybody can explain. */
function isUnexplained({ remote, attempts, place }: Followed): boolean {
  if (remote.jobId === null || place.resources.array !== null) return false;
  const starts = attempts.filter(({ event, job }) => event === 'started' && job === remote.jobId).length;
  const isGone = remote.goneMs !== null && jobPhase(remote.state) !== 'ended';
  return (isGone && attempts.at(-1)?.exitCode !== 0) || remote.pastStates.length < starts - 1;
}

async function takeAccounts(run: Followed, rows: readonly AccountRow[]): Promise<void> {
  const name = nameOf(run) ?? run.place.attached?.jobName ?? null;
  const own = rows.filter((row) => row.jobId === run.remote.jobId && (name === null || row.name === name));
  const last = own.at(-1);
  if (last === undefined) return;
  const isGone = run.remote.goneMs !== null;
  await changeRemote(run, {
    pastStates: own.slice(0, -1).map(({ state }) => state),
    ...(isGone && jobPhase(last.state) === 'ended' ? { state: last.state } : {}),
  });
}
