// Entry of the thread that draws questions again and again, so that core answers meanwhile. Knows no files and no models.
import { parentPort } from 'node:worker_threads';
import { type DrawOptions, drawBootstrap } from '../../../lib/evaluations/paired-test.ts';

export interface DrawRequest {
  readonly differences: Float64Array;
  readonly options: DrawOptions;
}

parentPort?.on('message', ({ differences, options }: DrawRequest) =>
  parentPort?.postMessage(drawBootstrap(differences, options)),
);
