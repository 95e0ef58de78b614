// Checkpoints that are being opened: one work a checkpoint, whoever asks for it, among all studios of the workspace. Callers join what
// goes on already; what broke off is remembered until it is tried again.
import { join } from 'node:path';
import type { Opened, Opening, OpenRequest, Stage } from '../../api/checkpoints.ts';
import { StudioError } from '../../api/errors.ts';
import { formatInteger } from '../../lib/format/numbers.ts';
import type { CoreContext } from '../context.ts';
import { createSignalBus, type SignalBus } from '../signal-bus.ts';
import { toStudioError } from '../system-errors.ts';
import { whileHolding } from '../files/held-lock.ts';
import { listLives } from './life-store.ts';
import { createOpeningStatus } from './opening-status.ts';
import { createRateLimit } from './rate-limit.ts';
import type { StageRequest, StageSource } from './stage-types.ts';
import { runStages } from './stages.ts';
import { lifeFolder, WEIGHTS_FOLDER } from '../../lib/checkpoints/life-files.ts';

export interface Opener {
  readonly changes: SignalBus<{ readonly openings: readonly Opening[]; readonly changed: number }>;
  now(): { readonly openings: Opening[]; readonly changed: number };
  open(
    request: Omit<OpenRequest, 'id'> & Pick<StageRequest, 'runId' | 'asked' | 'byRule'>,
    options: { readonly signal?: AbortSignal | undefined; readonly onProgress?: (now: Opening) => void },
  ): Promise<Opened>;
  cancel(runId: string, step: number): void;
  /** Something about the lives here is other than it was. */
  touched(): void;
  dispose(): Promise<void>;
}

interface Job {
  readonly request: StageRequest;
  readonly bus: SignalBus<Opening>;
  readonly controller: AbortController;
  now: Opening;
  readonly work: Promise<Opened>;
}

export function createOpener(
  context: CoreContext,
  sourceOf: (runId: string, step: number) => Promise<StageSource>,
): Opener {
  const changes = createSignalBus<{ readonly openings: readonly Opening[]; readonly changed: number }>();
  const jobs = new Map<string, Job>();
  const failed = new Map<string, Opening>();
  let changed = 0;
  let capBytes: number | null = null;
  const shared = createRateLimit(() => capBytes);
  const now = () => ({
    openings: [...failed.values(), ...[...jobs.values()].map((job) => job.now)],
    changed,
  });
  const tell = () => changes.emit(now());

  const start = (key: string, request: StageRequest): Job => {
    const root = context.workspace.require().path;
    const controller = new AbortController();
    const bus = createSignalBus<Opening>();
    const startedMs = performance.now();
    failed.delete(key);
    const title = (what: string) => `${what} step ${formatInteger(request.step)} of ${request.runId}`;
    const status = createOpeningStatus(
      { runId: request.runId, step: request.step, asked: [...request.asked] },
      (next) => {
        job.now = next;
        bus.emit(next);
        tell();
      },
    );
    const own = createRateLimit(() => request.bytesPerSecond);
    const work = context.activities.run(
      { title: title('Opening'), unit: 'bytes', signal: controller.signal },
      async (running) => {
        const { pullMegabytesPerSecond: cap } = await context.settings.read();
        capBytes = cap === 0 ? null : cap * 1_000_000;
        let part: Stage | null = null;
        const stop = bus.subscribe(({ stage, doneBytes, totalBytes, share }) => {
          if (stage !== null && stage !== part) {
            part = stage;
            running.part(title(titles[stage]), stage === 'pull' ? 'bytes' : 'percent');
          }
          if (stage === 'pull' && totalBytes > 0) running.progress(doneBytes, totalBytes);
          else if (stage !== null && share !== null) running.progress(Math.round(share * 100), 100);
        });
        try {
          return await whileHolding(
            root,
            `checkpoint ${key}`,
            {
              signal: running.signal,
              onWaiting: (who) => status.note(`${who} is at the same step; its work is used once it is done`),
            },
            async () => {
              const done = await runStages(context, await sourceOf(request.runId, request.step), request, {
                root,
                signal: running.signal,
                status,
                limit: { spend: (bytes) => Math.max(shared.spend(bytes), own.spend(bytes)) },
                sameHere: await filesHere(root, request),
                onLife: () => {
                  changed += 1;
                  tell();
                },
              });
              return {
                ...done,
                durationMs: Math.round(performance.now() - startedMs),
                stages: status.now.done,
              };
            },
          );
        } finally {
          stop();
        }
      },
    );
    const job: Job = { request, bus, controller, work, now: status.now };
    jobs.set(key, job);
    tell();
    work
      .catch((error: unknown) => {
        const { code, message, data } = toStudioError(error);
        const isWanted = code !== 'CANCELLED' && !controller.signal.aborted;
        status.fail({ code, message, hint: data.hint });
        if (isWanted) failed.set(key, job.now);
      })
      .finally(() => {
        jobs.delete(key);
        changed += 1;
        tell();
      });
    return job;
  };

  const join_ = async (key: string, request: StageRequest, signal: AbortSignal | undefined): Promise<Job> => {
    for (let job = jobs.get(key); job !== undefined; job = jobs.get(key)) {
      if (covers(job.request, request)) return job;
      await Promise.race([job.work.catch(() => undefined), whenAborted(signal)]);
      signal?.throwIfAborted();
      await Promise.resolve();
    }
    return start(key, request);
  };

  return {
    changes,
    now,
    async open(request, { signal, onProgress }) {
      const key = `${request.runId}/${request.step}`;
      const isNew = !jobs.has(key);
      const job = await join_(key, request, signal);
      const stop = onProgress ? job.bus.subscribe(onProgress) : () => false;
      onProgress?.(job.now);
      // Only who began it may end it by leaving.
      const leave = () => {
        if (!request.keepGoing && isNew) job.controller.abort();
      };
      if (signal?.aborted) leave();
      signal?.addEventListener('abort', leave, { once: true });
      try {
        return await (request.keepGoing || !isNew ? Promise.race([job.work, whenAborted(signal)]) : job.work);
      } finally {
        signal?.removeEventListener('abort', leave);
        stop();
      }
    },
    cancel(runId, step) {
      const key = `${runId}/${step}`;
      jobs.get(key)?.controller.abort();
      if (failed.delete(key)) tell();
    },
    touched() {
      changed += 1;
      tell();
    },
    async dispose() {
      const running = [...jobs.values()];
      for (const job of running) job.controller.abort();
      for (const job of running) await job.work.catch(() => undefined);
    },
  };
}

const titles: Readonly<Record<Stage, string>> = {
  pull: 'Pulling',
  convert: 'Converting',
  verify: 'Verifying',
};

function covers(running: StageRequest, asked: StageRequest): boolean {
  const isModel = asked.asked.includes('convert');
  return (
    asked.asked.every((stage) => running.asked.includes(stage)) && (!isModel || running.type === asked.type)
  );
}

function whenAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () =>
      reject(new StudioError('CANCELLED', 'Cancelled', { hint: 'Start it again if it is still wanted' }));
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Files of other pulled steps, by what is in them. */
async function filesHere(
  root: string,
  { runId, step }: StageRequest,
): Promise<(sizeBytes: number, sha256: string) => string | null> {
  const known = new Map<string, string>();
  for (const life of await listLives(root, null)) {
    if (life.pulled?.mode !== 'copy' || (life.runId === runId && life.step === step)) continue;
    const folder = join(root, lifeFolder(life.runId, life.step), WEIGHTS_FOLDER);
    for (const file of life.pulled.files)
      if (file.sha256 !== null) known.set(`${file.sizeBytes} ${file.sha256}`, join(folder, file.path));
  }
  return (sizeBytes, sha256) => known.get(`${sizeBytes} ${sha256}`) ?? null;
}
