// Follows the runs of the open workspace on their targets: their files grow here as they grow there, and the scheduler is asked
// about all of them at once. Core's own work: windows come and go. What it knows of a run lies in the run's folder.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../api/runs.ts';
import { endOf } from '../../lib/runs/remote-state.ts';
import { type RemoteFile, type RunRecord, runRecord, stopFile } from '../../lib/runs/run-files.ts';
import { ATTEMPTS_FILE, jobName } from '../../lib/slurm/batch-script.ts';
import { parseQueue, type QueuedJob, queueScript } from '../../lib/slurm/queue.ts';
import type { CoreContext } from '../context.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { runInBackground } from '../targets/background-command.ts';
import type { Connection } from '../targets/connection.ts';
import type { TargetService } from '../targets/service.ts';
import { readAttempts, readRemote, readSmallJson, writeRemote } from './remote-file.ts';
import { createFileCopier, type FileCopier, type FileCopy } from './copy-files.ts';

/** A point in a file on the cluster is on the screen within two seconds. */
const LOOK_EVERY_MS = 800;
/** Sites ask for few questions; what the batch script writes comes without any. */
const QUEUE_FLOOR_MS = 30_000;
/** After a submission or an end the queue is asked earlier, but never faster than this. */
const QUEUE_SOON_MS = 2_000;
const QUEUE_TIMEOUT_MS = 60_000;

export interface FollowerOptions {
  readonly queueFloorMs?: number | undefined;
  /** Finishes a submission that a broken link interrupted. */
  readonly submit: (id: string) => Promise<void>;
}

export interface RemoteFollower {
  /** A run that was launched or is to be followed again. */
  follow(id: string): void;
  /** Looks at once, without waiting for the next turn. */
  lookNow(): Promise<void>;
  /** When the scheduler of a target is asked next; null while no run there is followed. */
  nextQuestionMs(target: string): number | null;
  dispose(): Promise<void>;
}

interface Followed {
  readonly id: string;
  readonly folder: string;
  readonly record: RunRecord;
  remote: RemoteFile;
  /** Lines of attempts.jsonl when the queue was last wanted. */
  attempts: number;
}

interface TargetState {
  readonly copier: FileCopier;
  askedMs: number;
  wantedMs: number;
  floorMs: number;
  home: string | null;
}

/** `runs` lists the workspace's runs when it is opened. */
export function createRemoteFollower(
  context: CoreContext,
  targets: TargetService,
  listRuns: () => Promise<readonly Run[]>,
  options: FollowerOptions,
): RemoteFollower {
  const queueFloorMs = options.queueFloorMs ?? QUEUE_FLOOR_MS;
  let followed = new Map<string, Followed>();
  let states = new Map<string, TargetState>();
  let root: string | null = null;
  let looking: Promise<void> | null = null;
  let disposed = false;

  const add = async (id: string): Promise<void> => {
    if (root === null || followed.has(id)) return;
    const folder = join(root, 'runs', id);
    const record = runRecord.safeParse(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')));
    if (!record.success || record.data.remote === null || record.data.end !== null) return;
    followed.set(id, { id, folder, record: record.data, remote: await readRemote(folder), attempts: 0 });
  };

  const stateOf = (name: string, connection: Connection): TargetState => {
    let state = states.get(name);
    if (!state) {
      const memoryPath = join(root ?? '', '.studio', 'copies', `${encodeURIComponent(name)}.json`);
      state = {
        copier: createFileCopier({ run: (request) => connection.run(request), memoryPath }),
        askedMs: 0,
        wantedMs: 0,
        floorMs: queueFloorMs,
        home: null,
      };
      states.set(name, state);
    }
    return state;
  };

  const floorOf = async (name: string): Promise<number> => {
    const { pollSeconds } = await targets.entryOf(name);
    return pollSeconds === null ? queueFloorMs : pollSeconds * 1000;
  };

  const lookAtTarget = async (name: string, all: readonly Followed[]): Promise<void> => {
    const connection = await targets.connectionOf(name);
    const runs = all.filter(({ remote }) => remote.jobId !== null);
    if (connection.state.kind !== 'connected') {
      for (const run of runs) await change(run, { unknownSinceMs: run.remote.unknownSinceMs ?? Date.now() });
      return;
    }
    for (const run of all) {
      if (run.remote.jobId === null && run.remote.problem === null)
        void options.submit(run.id).catch(() => undefined);
    }
    if (runs.length === 0) return;
    const state = stateOf(name, connection);
    state.home ??= await homeOf(connection);
    const { home } = state;
    while ((await state.copier.round(runs.flatMap((run) => copiesOf(run, home)))).hasMore) {
      // A large file is taken in pieces; other work comes in between.
    }
    const nowMs = Date.now();
    for (const run of runs) {
      // Something began or ended there: what Slurm says about it is old now.
      const { length } = await readAttempts(run.folder);
      if (run.remote.state !== '' && length === run.attempts) continue;
      run.attempts = length;
      state.wantedMs = Math.max(state.wantedMs, state.askedMs + QUEUE_SOON_MS);
    }
    state.floorMs = await floorOf(name);
    const isDue =
      nowMs - state.askedMs >= state.floorMs || (state.wantedMs > state.askedMs && nowMs >= state.wantedMs);
    if (isDue) {
      state.askedMs = nowMs;
      await askQueue(connection, runs);
    }
    for (const run of runs) await settle(run);
  };

  const askQueue = async (connection: Connection, runs: readonly Followed[]): Promise<void> => {
    const names = runs.flatMap(({ record }) =>
      record.remote === null ? [] : [jobName(record.name, record.remote.token)],
    );
    const { exitCode, stdout } = await runInBackground(connection, queueScript({ names }), {
      timeoutMs: QUEUE_TIMEOUT_MS,
    });
    // A controller that is down says nothing about the jobs.
    if (exitCode !== 0) return;
    const jobs = new Map<string, QueuedJob>();
    for (const job of parseQueue(new TextDecoder().decode(stdout))) jobs.set(job.name, job);
    const nowMs = Date.now();
    for (const run of runs) {
      const { remote, name } = run.record;
      const job = remote === null ? undefined : jobs.get(jobName(name, remote.token));
      if (job) {
        await change(run, {
          state: job.state,
          reason: job.reason,
          seenMs: nowMs,
          goneMs: null,
          unknownSinceMs: null,
        });
      } else await change(run, { seenMs: nowMs, goneMs: run.remote.goneMs ?? nowMs, unknownSinceMs: null });
    }
  };

  const settle = async (run: Followed): Promise<void> => {
    const attempts = await readAttempts(run.folder);
    const stop = await readSmallJson(join(run.folder, 'stop.json'), stopFile);
    const exit = endOf({ remote: run.remote, attempts, stop }, Date.now());
    if (exit === null) return;
    await writeFileAtomic(join(run.folder, 'exit.json'), JSON.stringify(exit));
    followed.delete(run.id);
  };

  const look = async (): Promise<void> => {
    const nowRoot = context.workspace.current?.path ?? null;
    if (nowRoot !== root) {
      root = nowRoot;
      followed = new Map();
      states = new Map();
      if (root === null) return;
      for (const run of await listRuns())
        if (run.target !== 'this-computer') await add(run.id).catch(() => undefined);
    }
    for (const run of followed.values()) run.remote = await readRemote(run.folder);
    for (const name of new Set([...followed.values()].map(({ record }) => record.target))) {
      const runs = [...followed.values()].filter(({ record }) => record.target === name);
      // A link that breaks in mid-round is noticed by the connection itself; the next round goes on.
      await lookAtTarget(name, runs).catch(() => undefined);
    }
  };
  const lookNow = async (): Promise<void> => {
    while (looking) await looking;
    looking = look().finally(() => {
      looking = null;
    });
    await looking;
  };
  const timer = setInterval(() => {
    if (!disposed && !looking) void lookNow().catch(() => undefined);
  }, LOOK_EVERY_MS);
  timer.unref();

  return {
    follow: (id) => void add(id).catch(() => undefined),
    lookNow,
    nextQuestionMs(target) {
      const state = states.get(target);
      const isFollowed = [...followed.values()].some(({ record }) => record.target === target);
      return state && state.askedMs > 0 && isFollowed ? state.askedMs + state.floorMs : null;
    },
    async dispose() {
      disposed = true;
      clearInterval(timer);
      await looking?.catch(() => undefined);
    },
  };
}

async function change(run: Followed, next: Partial<RemoteFile>): Promise<void> {
  run.remote = await writeRemote(run.folder, next);
}

/** Absolute, so that a file is known by one name for ever. */
async function homeOf(connection: Connection): Promise<string> {
  const { stdout } = await connection.run({ script: 'printf "%s" "$HOME"' });
  return new TextDecoder().decode(stdout);
}

function copiesOf({ folder, record }: Followed, home: string): readonly FileCopy[] {
  const there = (record.remote?.folder ?? '').replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, home);
  return [ATTEMPTS_FILE, 'metrics.jsonl', 'log.txt'].map((name) => ({
    remotePath: `${there}/${name}`,
    localPath: join(folder, name),
  }));
}
