// Another type of a GGUF file of floats, made from the file itself by the runtime's quantizer: for models whose weights are nowhere
// else. Runs in the weights child.
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { quantizeWithRuntime } from './runtime-quantizer.ts';
import type { RequantizeRequest } from '../weights-protocol.ts';
import { asidePath } from '../../files/aside-path.ts';

const MAX_THREADS = 8;

/** Throws ALREADY_EXISTS, and what the quantizer throws; nothing is left behind then. */
export async function requantize(
  { input, output, type }: RequantizeRequest,
  progress: (share: number) => void | Promise<void>,
  stop?: AbortSignal,
): Promise<{ sizeBytes: number }> {
  if (existsSync(output)) {
    throw new StudioError('ALREADY_EXISTS', `${basename(output)} is there already`, {
      hint: 'Choose another type, or remove that file first',
      path: output,
    });
  }
  const aside = asidePath(output);
  const forget = () => rmSync(aside, { force: true });
  // The quantizer is another thread that cannot be asked to stop: the process ends, and with it the thread.
  const leave = () => {
    forget();
    process.exit(0);
  };
  stop?.addEventListener('abort', leave, { once: true });
  try {
    await quantizeWithRuntime({
      input,
      output: aside,
      type,
      threads: Math.min(MAX_THREADS, availableParallelism()),
      onProgress: (share) => void progress(share),
    });
    const handle = openSync(aside, 'r+');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(aside, output);
    return { sizeBytes: statSync(output).size };
  } finally {
    stop?.removeEventListener('abort', leave);
    forget();
  }
}
