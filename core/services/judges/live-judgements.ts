// Judgements that run in this core, whoever looks at them: started, resumed and stopped by name, each a long work of the
// activity panel. What they said lies in their folders; here is only what a board needs beyond that.
import { basename } from 'node:path';
import type { JudgementBoard } from '../../api/judges.ts';
import { StudioError } from '../../api/errors.ts';
import type { JudgementLine } from '../../lib/judges/judgement-line.ts';
import type { Tally } from '../../lib/judges/judgement-tally.ts';
import type { Judgement } from '../../lib/judges/judgement.ts';
import { createSignalBus } from '../signal-bus.ts';
import { toStudioError } from '../system-errors.ts';
import type { ActivityLog } from '../system/activities.ts';
import { type RunProgress, runJudging } from './judging-run.ts';
import type { Prepared } from './prepare.ts';

/** As many as a board shows. */
export const NEWEST_LINES = 12;

export interface LiveJudgement {
  readonly judgement: Judgement;
  readonly tally: Tally;
  readonly newest: readonly JudgementLine[];
  readonly run: NonNullable<JudgementBoard['run']>;
}

export interface LiveJudgements {
  /** Says the folder of what has changed. */
  readonly bus: ReturnType<typeof createSignalBus<string>>;
  /** Null when it does not run here, or has not read its folder yet. */
  live(folder: string): LiveJudgement | null;
  isRunning(folder: string): boolean;
  /** Why the last run here ended by itself; null when it did not. */
  failure(folder: string): { readonly message: string; readonly hint: string } | null;
  /** Returns once the work has begun, or throws what kept it from beginning. */
  start(folder: string, prepared: Prepared, key: string | null): Promise<void>;
  stop(folder: string): Promise<void>;
  dispose(): Promise<void>;
}

interface Running {
  readonly controller: AbortController;
  readonly judgement: Judgement;
  ended: Promise<void>;
  tally: Tally | null;
  newest: JudgementLine[];
  startedMs: number;
  asked: number;
  done: number;
  limit: number;
  lastRetry: { reason: string; atMs: number; count: number } | null;
}

export function createLiveJudgements(activities: ActivityLog): LiveJudgements {
  const bus = createSignalBus<string>();
  const running = new Map<string, Running>();
  const failures = new Map<string, { message: string; hint: string }>();

  const note = (folder: string, own: Running, progress: RunProgress): void => {
    const { tally, line, done, limit } = progress;
    own.tally = tally;
    own.limit = limit;
    own.done = done;
    if (line !== null) {
      own.asked += 1;
      own.newest = [line, ...own.newest].slice(0, NEWEST_LINES);
    } else own.startedMs = Date.now();
    bus.emit(folder);
  };

  return {
    bus,
    isRunning: (folder) => running.has(folder),
    failure: (folder) => failures.get(folder) ?? null,
    live(folder) {
      const own = running.get(folder);
      if (!own || own.tally === null) return null;
      const seconds = (Date.now() - own.startedMs) / 1000;
      const rate = own.asked > 0 && seconds > 0.5 ? own.asked / seconds : null;
      return {
        judgement: own.judgement,
        tally: own.tally,
        newest: own.newest,
        run: {
          documentsPerSecond: rate,
          secondsLeft: rate === null ? null : Math.max(0, own.judgement.documents - own.done) / rate,
          limit: own.limit,
          lastRetry: own.lastRetry,
        },
      };
    },
    async start(folder, prepared, key) {
      if (running.has(folder)) {
        throw new StudioError('CONFLICT', `${basename(folder)} is being judged already`, {
          hint: 'Look at its board, or stop it first',
        });
      }
      const { judgement } = prepared;
      const own: Running = {
        controller: new AbortController(),
        judgement,
        ended: Promise.resolve(),
        tally: null,
        newest: [],
        startedMs: Date.now(),
        asked: 0,
        done: 0,
        limit: judgement.effort.concurrency,
        lastRetry: null,
      };
      running.set(folder, own);
      failures.delete(folder);
      const begun = new Promise<void>((resolve, reject) => {
        const work = activities.run(
          {
            title: `Judging ${basename(folder)} with ${judgement.endpoint.model}`,
            unit: 'documents',
            signal: own.controller.signal,
          },
          async (activity) => {
            const judged = await runJudging({
              folder,
              judgement,
              key,
              meter: prepared.meter,
              documents: (signal) => prepared.documents(signal),
              signal: activity.signal,
              onProgress: (progress) => {
                activity.progress(progress.done, progress.total);
                note(folder, own, progress);
                resolve();
              },
              onRetry: (reason) => {
                own.lastRetry = { reason, atMs: Date.now(), count: (own.lastRetry?.count ?? 0) + 1 };
                bus.emit(folder);
              },
            });
            // The panel shows what was stopped as cancelled.
            if (judged.ended.kind === 'stopped') activity.signal.throwIfAborted();
          },
        );
        own.ended = work
          .catch((error: unknown) => {
            if (!own.controller.signal.aborted && !isAbort(error)) {
              const { message, data } = toStudioError(error);
              failures.set(folder, { message, hint: data.hint });
            }
            reject(toStudioError(error));
          })
          .finally(() => {
            running.delete(folder);
            bus.emit(folder);
            resolve();
          });
      });
      await begun;
    },
    async stop(folder) {
      const own = running.get(folder);
      own?.controller.abort();
      await own?.ended;
    },
    async dispose() {
      for (const { controller } of running.values()) controller.abort();
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';
