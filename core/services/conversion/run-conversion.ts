// A conversion in a process of its own, so that core stays quick and a conversion can be stopped at once.
import type { ChildProcess } from 'node:child_process';
import type { Converted } from '../../api/conversion.ts';
import { StudioError } from '../../api/errors.ts';
import type { ConversionRequest } from './convert-model.ts';
import { fromConversionChild } from './conversion-protocol.ts';

export interface ConversionOptions {
  readonly spawn: () => ChildProcess;
  readonly signal?: AbortSignal | undefined;
  /** The share that is written, 0 to 1, at most ten times a second. */
  readonly onProgress?: (share: number) => void;
}

/** Throws what `convertModel` throws, CANCELLED, and RUNTIME_DIED when the process ended by itself. */
export async function runConversion(
  request: ConversionRequest,
  options: ConversionOptions,
): Promise<Converted> {
  options.signal?.throwIfAborted();
  const child = options.spawn();
  // The child removes what it wrote when it is left alone.
  const leave = () => child.connected && child.disconnect();
  options.signal?.addEventListener('abort', leave, { once: true });
  try {
    return await new Promise<Converted>((resolve, reject) => {
      child.on('message', (raw) => {
        const message = fromConversionChild.parse(raw);
        if (message.kind === 'progress') options.onProgress?.(message.share);
        else if (message.kind === 'done') resolve(message.converted);
        else reject(failureOf(message));
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        if (options.signal?.aborted) reject(options.signal.reason);
        else reject(died(request, signal ?? `exit code ${code}`));
      });
      child.send({ request }, (error) => error && reject(error));
    });
  } finally {
    options.signal?.removeEventListener('abort', leave);
    leave();
  }
}

function failureOf(message: {
  code: StudioError['code'];
  message: string;
  data: StudioError['data'];
}): StudioError {
  const { hint, path, detail } = message.data;
  return new StudioError(message.code, message.message, {
    hint,
    ...(path === undefined ? {} : { path }),
    ...(detail === undefined ? {} : { detail }),
  });
}

function died({ source }: ConversionRequest, reason: string): StudioError {
  return new StudioError('RUNTIME_DIED', `The conversion ended by itself: ${reason}`, {
    hint: 'Nothing was written. Try again; if it happens again, there may be too little memory',
    path: source,
  });
}
