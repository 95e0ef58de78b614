// Runs of suites in this core, whoever looks at them: started and stopped by the suite's name, each a long work of the activity
// panel. What was answered lies in files; here is only how far the work is.
import type { SuiteState } from '../../api/suites.ts';
import { StudioError } from '../../api/errors.ts';
import { createSignalBus, type SignalBus } from '../signal-bus.ts';
import { toStudioError } from '../system-errors.ts';
import type { ActivityLog } from '../system/activities.ts';
import { runSuite, type SuiteRun } from './run-suite.ts';

/** A suite that leaves out every prompt of every model says so often enough. */
const MAX_SKIPPED = 100;

export interface LiveSuites {
  /** Says the folder of results that has changed. */
  readonly bus: SignalBus<string>;
  state(folder: string): SuiteState;
  /** Returns once the work has begun. CONFLICT when this suite runs already. */
  start(name: string, run: Omit<SuiteRun, 'signal' | 'onProgress' | 'onSkipped'>): void;
  stop(folder: string): Promise<void>;
  /** Once nothing of this suite runs here. Throws the signal's reason. */
  free(folder: string, signal: AbortSignal): Promise<void>;
  dispose(): Promise<void>;
}

interface Entry {
  running: SuiteState['running'];
  version: number;
  failure: SuiteState['failure'];
  skipped: { path: string; reason: string }[];
  controller: AbortController;
  ended: Promise<void>;
}

export function createLiveSuites(activities: ActivityLog): LiveSuites {
  const bus = createSignalBus<string>();
  const entries = new Map<string, Entry>();
  const changed = (folder: string, entry: Entry): void => {
    entry.version += 1;
    bus.emit(folder);
  };
  return {
    bus,
    state(folder) {
      const entry = entries.get(folder);
      if (!entry) return { running: null, version: 0, failure: null, skipped: [] };
      const { running, version, failure, skipped } = entry;
      return { running, version, failure, skipped: [...skipped] };
    },
    start(name, run) {
      const { folder, models } = run;
      const before = entries.get(folder);
      if (before?.running) {
        throw new StudioError('CONFLICT', `The suite ${name} is running already`, {
          hint: 'Wait until it has ended, or stop it first',
        });
      }
      const [first] = models;
      const entry: Entry = {
        running: {
          done: 0,
          total: models.length * run.suite.prompts.length * run.suite.samplers.length,
          model: first?.path ?? '',
          models: models.length,
          modelNumber: 1,
          note: null,
        },
        version: before?.version ?? 0,
        failure: null,
        skipped: [],
        controller: new AbortController(),
        ended: Promise.resolve(),
      };
      entries.set(folder, entry);
      changed(folder, entry);
      const work = activities.run(
        { title: `Running the suite ${name}`, unit: 'answers', signal: entry.controller.signal },
        (activity) =>
          runSuite({
            ...run,
            signal: activity.signal,
            onProgress: ({ done, total, model, modelNumber, note }) => {
              activity.progress(done, total);
              entry.running = { done, total, model: model.path, models: models.length, modelNumber, note };
              changed(folder, entry);
            },
            onSkipped: (path, reason) => {
              if (entry.skipped.length < MAX_SKIPPED) entry.skipped.push({ path, reason });
              changed(folder, entry);
            },
          }),
      );
      entry.ended = work
        .catch((error: unknown) => {
          if (isAbort(error)) return;
          const { code, message, data } = toStudioError(error);
          if (code !== 'CANCELLED') entry.failure = { message, hint: data.hint };
        })
        .finally(() => {
          entry.running = null;
          changed(folder, entry);
        });
    },
    async stop(folder) {
      const entry = entries.get(folder);
      entry?.controller.abort();
      await entry?.ended;
    },
    async free(folder, signal) {
      for (let entry = entries.get(folder); entry?.running; entry = entries.get(folder)) {
        await Promise.race([entry.ended, aborted(signal)]);
        signal.throwIfAborted();
      }
    },
    async dispose() {
      for (const { controller } of entries.values()) controller.abort();
      await Promise.all([...entries.values()].map(({ ended }) => ended));
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';
