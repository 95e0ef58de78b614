// Work on weights in a process of its own, so that core stays quick and the work can be stopped at once.
import type { ChildProcess } from 'node:child_process';
import { StudioError } from '../../api/errors.ts';
import type { TensorStatistics } from '../../api/weights.ts';
import {
  type AskedOfWeights,
  fromWeightsChild,
  type ToWeightsChild,
  type WeightsAnswer,
} from './weights-protocol.ts';

export interface WeightsOptions {
  readonly spawn: () => ChildProcess;
  readonly signal?: AbortSignal | undefined;
  /** The share that is done, 0 to 1, at most ten times a second. */
  readonly onProgress?: (share: number) => void;
  /** Of `statistics`: tensors as they are read. */
  readonly onTensors?: (tensors: readonly TensorStatistics[], share: number) => void;
}

type Answered<K extends ToWeightsChild['kind']> = Extract<WeightsAnswer, { kind: K }>;

/** Throws what the work throws, CANCELLED, and RUNTIME_DIED when the process ended by itself. */
export async function askWeights<K extends ToWeightsChild['kind']>(
  message: Extract<AskedOfWeights, { kind: K }>,
  options: WeightsOptions,
): Promise<Answered<K>> {
  options.signal?.throwIfAborted();
  const child = options.spawn();
  // The child removes what it wrote when it is left alone.
  const leave = () => child.connected && child.disconnect();
  options.signal?.addEventListener('abort', leave, { once: true });
  try {
    const answer = await new Promise<WeightsAnswer>((resolve, reject) => {
      child.on('message', (raw) => {
        const reply = fromWeightsChild.parse(raw);
        if (reply.kind === 'progress') options.onProgress?.(reply.share);
        else if (reply.kind === 'tensors') options.onTensors?.(reply.tensors, reply.share);
        else if (reply.kind === 'done') resolve(reply.answer);
        else reject(failureOf(reply));
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        if (options.signal?.aborted) reject(options.signal.reason);
        else reject(died(signal ?? `exit code ${code}`));
      });
      child.send(message, (error) => error && reject(error));
    });
    if (!isKind(answer, message.kind)) throw new Error('The weights child answered another question');
    return answer;
  } finally {
    options.signal?.removeEventListener('abort', leave);
    leave();
  }
}

function isKind<K extends ToWeightsChild['kind']>(answer: WeightsAnswer, kind: K): answer is Answered<K> {
  return answer.kind === kind;
}

function failureOf(reply: {
  readonly code: StudioError['code'];
  readonly message: string;
  readonly data: StudioError['data'];
}): StudioError {
  const { hint, path, detail } = reply.data;
  return new StudioError(reply.code, reply.message, {
    hint,
    ...(path === undefined ? {} : { path }),
    ...(detail === undefined ? {} : { detail }),
  });
}

function died(reason: string): StudioError {
  return new StudioError('RUNTIME_DIED', `The process that works on weights ended by itself: ${reason}`, {
    hint: 'Nothing was written. Try again; if it happens again, there may be too little memory',
  });
}
