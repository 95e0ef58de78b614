// Where the questions of a comparison are drawn again and again: a thread of its own for many, here for few. A cancelled comparison ends
// its thread in the middle of a draw.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StudioError } from '../../../api/errors.ts';
import { type BootstrapDraws, drawBootstrap } from '../../../lib/evaluations/paired-test.ts';
import type { Bootstrap } from '../../../lib/statistics/paired.ts';
import type { DrawRequest } from './draws-thread.ts';

/** Up to so many draws take some milliseconds, less than a thread needs to begin. */
const FEW_DRAWS = 1_000_000;

export interface DrawsRoom extends AsyncDisposable {
  readonly draws: BootstrapDraws;
}

/** One comparison at a time. The thread starts with the first task that needs it. */
export function openDrawsRoom(appFolder: string, signal?: AbortSignal): DrawsRoom {
  let worker: Worker | null = null;
  return {
    draws: (differences, options) => {
      if (differences.length * options.resamples <= FEW_DRAWS)
        return Promise.resolve(drawBootstrap(differences, options));
      worker ??= new Worker(join(appFolder, 'out', 'main', 'evaluation-draws.js'));
      return answerOf(worker, { differences, options }, signal);
    },
    [Symbol.asyncDispose]: async () => {
      await worker?.terminate();
    },
  };
}

function answerOf(
  worker: Worker,
  request: DrawRequest,
  signal: AbortSignal | undefined,
): Promise<Bootstrap | null> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      signal?.removeEventListener('abort', onAbort);
      settle();
    };
    const onMessage = (answer: Bootstrap | null) => finish(() => resolve(answer));
    const onError = (cause: unknown) => finish(() => reject(broken(cause)));
    const onExit = () => finish(() => reject(broken(undefined)));
    const onAbort = () => finish(() => reject(signal?.reason as Error));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    if (signal?.aborted === true) onAbort();
    else {
      signal?.addEventListener('abort', onAbort);
      worker.postMessage(request);
    }
  });
}

function broken(cause: unknown): StudioError {
  return new StudioError('RUNTIME_DIED', 'The thread that draws the questions of the comparison ended', {
    hint: 'Compare again; with fewer draws it takes less memory',
    cause,
  });
}
