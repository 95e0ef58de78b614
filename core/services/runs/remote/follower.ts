// Follows the runs of the open workspace on their targets: their files grow here as they grow there, and whoever runs them there is
// asked about all of them at once. Core's own work: windows come and go. What it knows of a run lies in the run's folder.
import { join } from 'node:path';
import type { Run } from '../../../api/runs.ts';
import { hasPassed } from '../../../lib/has-passed.ts';
import { isOver } from '../../../lib/runs/run-state.ts';
import type { CoreContext } from '../../context.ts';
import { exists } from '../../files/trash.ts';
import { removeHalfLaunched } from '../half-launched.ts';
import type { Connection } from '../../targets/connection.ts';
import type { TargetEntry } from '../../targets/read-targets.ts';
import type { TargetService } from '../../targets/service.ts';
import { createSlurmAsker } from './ask-slurm.ts';
import { askWorkstation } from './ask-workstation.ts';
import { createFileCopier, type FileCopier } from './copy-files.ts';
import { changeRemote, copiesOf, type Followed, loadFollowed } from './followed-run.ts';
import { endNow, neverSatisfied } from './end-of-run.ts';
import { findFiles } from './find-files.ts';
import { readAttempts, readRemote, writeIntoRun } from './remote-file.ts';

/** A point in a file on the cluster is on the screen within two seconds. */
const LOOK_EVERY_MS = 800;
/** Sites ask for few questions; what the batch script writes comes without any. */
const QUEUE_FLOOR_MS = 30_000;
/** A workstation has no scheduler to spare: a look is a few reads of small files. */
const PROCESS_FLOOR_MS = 3_000;
/** After a submission or an end the queue is asked earlier, but never faster than this. */
const QUEUE_SOON_MS = 2_000;
/** A log of another rank or task is found within this time. */
const FIND_EVERY_MS = 10_000;
/** Another core on the same workspace may have changed what is known. */
const REREAD_EVERY_MS = 5_000;

export interface FollowerOptions {
  readonly queueFloorMs?: number | undefined;
  /** What is known of this run, or a file of it, is other than it was. `isOutput`: only what it writes grew. */
  readonly onChange?: ((id: string, isOutput?: boolean) => void) | undefined;
  /** Finishes a submission that a broken link interrupted. */
  readonly submit: (id: string) => Promise<void>;
}

export interface RemoteFollower {
  /** A run that was launched or is to be followed again. */
  follow(id: string): void;
  /** Leaves it alone from now on: its folder here goes away. */
  forget(id: string): void;
  /** Looks at once, without waiting for the next turn. */
  lookNow(): Promise<void>;
  /** Asked of a target right after its queue: no poll of its own, whatever else is to be known of its runs. */
  alsoAsk(question: (connection: Connection, ids: readonly string[]) => Promise<void>): void;
  /** When the scheduler of a target is asked next; null while no run there is followed. */
  nextQuestionMs(target: string): number | null;
  dispose(): Promise<void>;
}

interface TargetState {
  readonly copier: FileCopier;
  readonly ask: (connection: Connection, runs: readonly Followed[]) => Promise<void>;
  askedMs: number;
  wantedMs: number;
  floorMs: number;
  foundMs: number;
  home: string | null;
  /** Ids of runs whose scripts have written something down since it was read. */
  readonly noted: Set<string>;
}

/** `runs` lists the workspace's runs when it is opened. */
export function createRemoteFollower(
  context: CoreContext,
  targets: TargetService,
  listRuns: () => Promise<readonly Run[]>,
  options: FollowerOptions,
): RemoteFollower {
  let followed = new Map<string, Followed>();
  let states = new Map<string, TargetState>();
  let root: string | null = null;
  let rereadMs = 0;
  let looking: Promise<void> | null = null;
  let disposed = false;
  let otherQuestion: (connection: Connection, ids: readonly string[]) => Promise<void> = async () => {};

  const add = async (id: string): Promise<void> => {
    if (root === null || followed.has(id)) return;
    const run = await loadFollowed(root, id);
    if (run === null) return;
    followed.set(id, run);
    const state = states.get(run.record.target);
    if (state) state.foundMs = 0;
  };

  const stateOf = (entry: TargetEntry, connection: Connection): TargetState => {
    let state = states.get(entry.name);
    if (!state) {
      const noted = new Set<string>();
      const memoryPath = join(root ?? '', '.studio', 'copies', `${encodeURIComponent(entry.name)}.json`);
      state = {
        copier: createFileCopier({
          run: (request) => connection.run(request),
          memoryPath,
          onGrown: (path) => {
            if (isNotes(path)) noted.add(runOf(path));
            options.onChange?.(runOf(path), !isNotes(path));
          },
        }),
        ask: entry.kind === 'slurm' ? createSlurmAsker().ask : askWorkstation,
        askedMs: 0,
        wantedMs: 0,
        floorMs: 0,
        foundMs: 0,
        home: null,
        noted,
      };
      states.set(entry.name, state);
    }
    const floorMs = entry.kind === 'slurm' ? (options.queueFloorMs ?? QUEUE_FLOOR_MS) : PROCESS_FLOOR_MS;
    state.floorMs = entry.pollSeconds === null ? floorMs : entry.pollSeconds * 1000;
    return state;
  };

  /** `<root>/runs/<id>/…` */
  const runOf = (localPath: string): string =>
    localPath.slice(join(root ?? '', 'runs').length + 1).split(/[\\/]/)[0] ?? '';

  const lookAtTarget = async (name: string, all: readonly Followed[]): Promise<void> => {
    const connection = await targets.connectionOf(name);
    const runs = all.filter(({ remote }) => remote.jobId !== null || remote.state !== '');
    if (connection.state.kind !== 'connected') {
      for (const run of runs)
        await changeRemote(run, { unknownSinceMs: run.remote.unknownSinceMs ?? Date.now() });
      return;
    }
    for (const run of all) {
      if (run.remote.jobId === null && run.remote.problem === null && run.place.attached === null)
        void options.submit(run.id).catch(() => undefined);
    }
    if (runs.length === 0) return;
    const state = stateOf(await targets.entryOf(name), connection);
    state.home ??= await homeOf(connection);
    const { home } = state;
    if (hasPassed(state.foundMs, FIND_EVERY_MS, Date.now())) {
      state.foundMs = Date.now();
      await findFiles(connection, runs);
    }
    const copyAll = async (): Promise<void> => {
      const files = runs.flatMap((run) => copiesOf(run, home));
      // A large file is taken in pieces; other work comes in between.
      while ((await state.copier.round(files)).hasMore);
    };
    await copyAll();
    const nowMs = Date.now();
    for (const run of runs) {
      if (await hasNotedNow(state, run)) {
        // Something began or ended there: what is known about it is old now.
        state.wantedMs = Math.max(state.wantedMs, state.askedMs + QUEUE_SOON_MS);
        state.foundMs = 0;
      } else if (run.remote.state === '') {
        state.wantedMs = Math.max(state.wantedMs, state.askedMs + QUEUE_SOON_MS);
      }
    }
    const isDue =
      hasPassed(state.askedMs, state.floorMs, nowMs) ||
      (state.wantedMs > state.askedMs && nowMs >= state.wantedMs);
    const isBack = runs.some(({ remote }) => remote.unknownSinceMs !== null);
    if (isDue || (isBack && nowMs - state.askedMs >= QUEUE_SOON_MS)) {
      state.askedMs = nowMs;
      await state.ask(connection, runs);
      // Its answer may take longer than an end should wait for.
      const ids = runs.map(({ id }) => id);
      void otherQuestion(connection, ids).catch(() => undefined);
      const over = [];
      for (const run of runs) if ((await endNow(run)) !== null) over.push(run);
      if (over.length === 0) return;
      // What they wrote last may have come after the copies were made.
      await findFiles(connection, over);
      await copyAll();
      for (const run of over) {
        await hasNoted(run);
        const exit = await endNow(run);
        if (exit === null) continue;
        const error = await neverSatisfied(run, listRuns);
        const said = error === null ? exit : { ...exit, error };
        await writeIntoRun(join(run.folder, 'exit.json'), JSON.stringify(said));
        options.onChange?.(run.id);
        followed.delete(run.id);
      }
    }
  };

  const look = async (): Promise<void> => {
    const nowRoot = context.workspace.current?.path ?? null;
    if (nowRoot !== root) {
      root = nowRoot;
      followed = new Map();
      states = new Map();
      if (root === null) return;
      await removeHalfLaunched(root);
      for (const run of await listRuns())
        if (run.target !== 'this-computer') await add(run.id).catch(() => undefined);
    }
    if (hasPassed(rereadMs, REREAD_EVERY_MS, Date.now())) {
      rereadMs = Date.now();
      for (const run of followed.values()) {
        // Removed by another core on the same workspace: a copy must not bring it back.
        if (await exists(join(run.folder, 'run.json'))) run.remote = await readRemote(run.folder);
        else followed.delete(run.id);
      }
      // Launched by another core or the command line since this one opened the workspace.
      for (const run of await listRuns())
        if (run.target !== 'this-computer' && run.jobId !== null && !isOver(run.state))
          await add(run.id).catch(() => undefined);
    }
    for (const run of followed.values())
      if (run.remote.jobId === null) run.remote = await readRemote(run.folder);
    for (const name of new Set([...followed.values()].map(({ record }) => record.target))) {
      const runs = [...followed.values()].filter(({ record }) => record.target === name);
      const before = runs.map(({ remote }) => JSON.stringify(remote));
      // A link that breaks in mid-round is noticed by the connection itself; the next round goes on.
      await lookAtTarget(name, runs).catch(() => undefined);
      for (const [index, { id, remote }] of runs.entries())
        if (JSON.stringify(remote) !== before[index]) options.onChange?.(id);
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
    forget: (id) => void followed.delete(id),
    lookNow,
    alsoAsk(question) {
      otherQuestion = question;
    },
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

/** Of one run, or of a task of its array. */
function isNotes(localPath: string): boolean {
  return /[\\/]attempts(?:-\d+)?\.jsonl$/.test(localPath);
}

/** The same, read only where a copy of it grew, or what was read is not known to the run yet. */
async function hasNotedNow({ noted }: TargetState, run: Followed): Promise<boolean> {
  if (!noted.delete(run.id) && run.attempts.length === run.remote.noted) return false;
  return hasNoted(run);
}

/** Whether the scripts of a run have written down something new. */
async function hasNoted(run: Followed): Promise<boolean> {
  const attempts = await readAttempts(run.folder, run.place.resources.array);
  if (attempts.length === run.attempts.length && attempts.length === run.remote.noted) return false;
  run.attempts = attempts;
  await changeRemote(run, { noted: attempts.length });
  return true;
}

async function homeOf(connection: Connection): Promise<string> {
  const { stdout } = await connection.run({ script: 'printf "%s" "$HOME"' });
  return new TextDecoder().decode(stdout);
}
