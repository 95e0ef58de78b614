// The parent's side of the Arrow child: one process a conversion, ended by an abort. Knows processes; wording is for services.
import type { ChildProcess } from 'node:child_process';
import { type FromChild, fromChild, type ToChild } from './protocol.ts';

export class ArrowFailure extends Error {
  override readonly name = 'ArrowFailure';
  readonly reason: Extract<FromChild, { kind: 'failed' }>['reason'] | 'died' | 'cancelled';

  constructor(reason: ArrowFailure['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface ConvertOptions {
  /** Starts the child with IPC. */
  readonly spawn: () => ChildProcess;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doneBytes: number) => void) | undefined;
}

/** Number of rows written. Rejects with ArrowFailure; the target may then be there in part. */
export async function convertArrow(wish: ToChild, options: ConvertOptions): Promise<number> {
  const { signal } = options;
  if (signal?.aborted) throw new ArrowFailure('cancelled', 'Cancelled before it started');
  const child = options.spawn();
  const stop = (): void => {
    child.kill('SIGKILL');
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('message', (raw) => {
        const message = fromChild.parse(raw);
        if (message.kind === 'progress') options.onProgress?.(message.doneBytes);
        else if (message.kind === 'done') resolve(message.rows);
        else reject(new ArrowFailure(message.reason, message.message));
      });
      child.once('error', (error) => reject(new ArrowFailure('died', error.message)));
      child.once('exit', (code, killed) => {
        const reason = signal?.aborted ? 'cancelled' : 'died';
        reject(new ArrowFailure(reason, `The process ended with ${killed ?? code ?? 'nothing'}`));
      });
      child.send(wish);
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}
