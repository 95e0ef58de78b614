// Long work in core, with its rate and time left, for the activity panel. Holds no work itself.
import { randomUUID } from 'node:crypto';
import type { Activity } from '../../api/system.ts';
import { createSignalBus, type SignalBus } from '../signal-bus.ts';

/** Finished activities stay visible this long. */
const KEEP_FINISHED_MS = 30_000;

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
    options: { title: string; unit: string; signal?: AbortSignal | undefined },
    work: (handle: Omit<ActivityHandle, typeof Symbol.dispose>) => Promise<T>,
  ): Promise<T>;
  cancel(id: string): void;
}

export function createActivityLog(): ActivityLog {
  const bus = createSignalBus<readonly Activity[]>();
  const activities = new Map<string, Activity>();
  const controllers = new Map<string, AbortController>();
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
      controllers.set(id, controller);
      const signal = options.signal
        ? AbortSignal.any([options.signal, controller.signal])
        : controller.signal;
      let startedMs = Date.now();
      activities.set(id, newActivity(id, options, startedMs));
      publish();
      try {
        const result = await work({
          signal,
          part(title, unit) {
            startedMs = Date.now();
            update(id, { title, unit, done: 0, total: null, ratePerSecond: null, secondsLeft: null });
          },
          progress: (done, total) => update(id, measure(done, total ?? null, startedMs)),
        });
        update(id, { state: 'done', secondsLeft: 0, cancellable: false });
        return result;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        update(id, { state: signal.aborted ? 'cancelled' : 'failed', message, cancellable: false });
        throw error;
      } finally {
        controllers.delete(id);
        setTimeout(() => {
          activities.delete(id);
          publish();
        }, KEEP_FINISHED_MS).unref();
      }
    },
  };
}

function newActivity(id: string, options: { title: string; unit: string }, startedMs: number): Activity {
  return {
    id,
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
