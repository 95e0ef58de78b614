// Long work in core, with its rate and time left, for the activity panel. Holds no work itself.
import { randomUUID } from 'node:crypto';
import type { Activity } from '../../api/system.ts';
import { StudioError } from '../../api/errors.ts';
import { isConnectionClosed } from '../../rpc/connection-closed.ts';
import { createSignalBus, type SignalBus } from '../signal-bus.ts';

/** Finished activities stay visible this long. */
const KEEP_FINISHED_MS = 30_000;
/** One whose window was gone when it ended: long enough to be seen by who comes back. */
const KEEP_UNSEEN_MS = 15 * 60_000;
/** Work that does not end when it is told to does not hold up the end of core. */
const END_MS = 3000;

export interface ActivityOptions {
  readonly title: string;
  readonly unit: string;
  readonly signal?: AbortSignal | undefined;
  /**
   * Its output is a file, not an answer to who asked: it goes on when the window that began it is reloaded or loses its
   * connection, and ends only when it is cancelled.
   */
  readonly outlives?: boolean;
  /** What it works at. Nothing else runs under the same key: a second window is told that it runs already. */
  readonly key?: string;
}

export interface ActivityHandle {
  readonly signal: AbortSignal;
  progress(done: number, total?: number): void;
  /** Another part of the same work begins: its rate and time left start anew. */
  part(title: string, unit: string): void;
  [Symbol.dispose](): void;
}

export interface ActivityLog {
  readonly bus: SignalBus<readonly Activity[]>;
  list(): readonly Activity[];
  /** Runs `work`, showing it until it settles; `signal` aborts when either the caller or the panel cancels. */
  run<T>(
    options: ActivityOptions,
    work: (handle: Omit<ActivityHandle, typeof Symbol.dispose>) => Promise<T>,
  ): Promise<T>;
  cancel(id: string): void;
  /** Aborts what would outlive its window, and waits a moment for it to clean up. Other work ends with who asked for it. */
  dispose(): Promise<void>;
}

export function createActivityLog(): ActivityLog {
  const bus = createSignalBus<readonly Activity[]>();
  const activities = new Map<string, Activity>();
  const controllers = new Map<string, AbortController>();
  /** Work that outlives its window. */
  const running = new Map<AbortController, Promise<unknown>>();
  const keyed = new Map<string, Keyed>();
  const publish = () => bus.emit([...activities.values()]);
  const update = (id: string, change: Partial<Activity>) => {
    const current = activities.get(id);
    if (!current) return;
    activities.set(id, { ...current, ...change });
    publish();
  };

  return {
    bus,
    list: () => [...activities.values()],
    cancel: (id) => controllers.get(id)?.abort(),
    async run(options, work) {
      const id = randomUUID();
      const controller = new AbortController();
      using _place =
        options.key === undefined ? null : await placeFor(options.key, controller, { options, keyed });
      controllers.set(id, controller);
      const caller = options.signal;
      const isForsaken = () => isConnectionClosed(caller?.reason);
      const follow = () => {
        if (!options.outlives || !isForsaken()) controller.abort(caller?.reason);
      };
      if (caller?.aborted) follow();
      caller?.addEventListener('abort', follow);
      const { signal } = controller;
      let startedMs = Date.now();
      activities.set(id, newActivity(id, options, startedMs));
      publish();
      try {
        const ends = work({
          signal,
          part(title, unit) {
            startedMs = Date.now();
            update(id, { title, unit, done: 0, total: null, ratePerSecond: null, secondsLeft: null });
          },
          progress: (done, total) => update(id, measure(done, total ?? null, startedMs)),
        });
        if (options.outlives) running.set(controller, ends);
        const result = await ends;
        update(id, { state: 'done', secondsLeft: 0, cancellable: false });
        return result;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        update(id, { state: signal.aborted ? 'cancelled' : 'failed', message, cancellable: false });
        throw error;
      } finally {
        controllers.delete(id);
        running.delete(controller);
        caller?.removeEventListener('abort', follow);
        const keepMs = isForsaken() && !signal.aborted ? KEEP_UNSEEN_MS : KEEP_FINISHED_MS;
        setTimeout(() => {
          activities.delete(id);
          publish();
        }, keepMs).unref();
      }
    },
    async dispose() {
      for (const controller of running.keys()) controller.abort();
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, END_MS).unref();
      });
      await Promise.race([Promise.allSettled(running.values()), late]);
    },
  };
}

interface Keyed {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** Work that was cancelled and still cleans up is waited for; work that goes on is named. */
async function placeFor(
  key: string,
  controller: AbortController,
  { options, keyed }: { readonly options: ActivityOptions; readonly keyed: Map<string, Keyed> },
): Promise<Disposable> {
  for (let other = keyed.get(key); other !== undefined; other = keyed.get(key)) {
    if (!other.controller.signal.aborted) {
      throw new StudioError('CONFLICT', `${options.title}: this runs already`, {
        hint: 'Wait until it is done, or cancel it under Long work in the status bar',
      });
    }
    await other.ended;
    options.signal?.throwIfAborted();
  }
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  keyed.set(key, { controller, ended });
  return {
    [Symbol.dispose]: () => {
      keyed.delete(key);
      end();
    },
  };
}

function newActivity(
  id: string,
  options: Pick<ActivityOptions, 'title' | 'unit' | 'key'>,
  startedMs: number,
): Activity {
  return {
    id,
    key: options.key ?? null,
    title: options.title,
    unit: options.unit,
    state: 'running',
    done: 0,
    total: null,
    ratePerSecond: null,
    secondsLeft: null,
    startedMs,
    message: null,
    cancellable: true,
  };
}

function measure(done: number, total: number | null, startedMs: number): Partial<Activity> {
  const seconds = (Date.now() - startedMs) / 1000;
  const ratePerSecond = seconds > 0.2 ? done / seconds : null;
  const secondsLeft = ratePerSecond && total !== null ? Math.max(0, (total - done) / ratePerSecond) : null;
  return { done, total, ratePerSecond, secondsLeft };
}
