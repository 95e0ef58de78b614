// Writes a model as a GGUF file of any type: by ourselves, or in full precision aside and from there by the runtime's quantizer.
import { availableParallelism } from 'node:os';
import { basename, dirname } from 'node:path';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { StudioError } from '../../../api/errors.ts';
import { isRuntimeType, type OwnType, type WeightType } from '../../../lib/conversion/gguf-metadata.ts';
import type { FloatType } from '../../../lib/conversion/tensor-rows.ts';
import { quantizeWithRuntime } from './runtime-quantizer.ts';
import { type GgufRequest, writeGguf, type WrittenModel } from './write-gguf.ts';
import { asidePath } from '../../files/aside-path.ts';

/** Of the work: writing the floats aside. */
const WRITE_SHARE = 0.3;
/** The quantizer is memory-bound beyond that. */
const MAX_THREADS = 8;

/** What a disk has left when a program gave up writing on it. */
const FULL_BYTES = 65_536;

/** Throws what reading and writing throw; nothing is left behind then. `stop` ends it between two tensors of the quantizer. */
export async function writeModelFile(
  request: Omit<GgufRequest, 'type'>,
  { type, stop }: { readonly type: WeightType; readonly stop?: AbortSignal | undefined },
): Promise<WrittenModel> {
  if (!isRuntimeType(type)) return writeGguf({ ...request, type });
  const name = () => asidePath(request.output);
  const [floats, quantized] = [name(), name()];
  const forget = () => {
    for (const path of [floats, quantized]) rmSync(path, { force: true });
  };
  // The quantizer is another thread that cannot be asked to stop: the process ends, and with it the thread.
  const leave = () => {
    forget();
    process.exit(0);
  };
  try {
    const written = await writeGguf({
      ...request,
      type: exactType(request),
      output: floats,
      progress: (share) => request.progress(share * WRITE_SHARE),
    });
    stop?.addEventListener('abort', leave, { once: true });
    await quantizeWithRuntime({
      input: floats,
      output: quantized,
      type,
      threads: Math.min(MAX_THREADS, availableParallelism()),
      onProgress: (share) => void request.progress(WRITE_SHARE + (1 - WRITE_SHARE) * share),
    }).catch((error: unknown) => {
      // The quantizer only says that it could not write.
      throw freeBytes(request.output) < FULL_BYTES ? diskFull(request.output, error) : error;
    });
    stop?.removeEventListener('abort', leave);
    sync(quantized);
    renameSync(quantized, request.output);
    return { ...written, sizeBytes: statSync(request.output).size };
  } finally {
    forget();
  }
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize;
}

function diskFull(path: string, cause: unknown): StudioError {
  return new StudioError('DISK_FULL', `There is no room for ${basename(path)} beside what it is made from`, {
    hint: 'Free some space, or choose another disk: for a while both files are there',
    path,
    cause,
  });
}

/** The type that loses nothing of what the weights are saved in. */
function exactType({ weights, checked }: Omit<GgufRequest, 'type'>): OwnType {
  const own: Readonly<Record<FloatType, OwnType>> = { F32: 'f32', F16: 'f16', BF16: 'bf16' };
  const [first] = checked.tensors;
  return own[(first ? weights.find(first.name)?.type : undefined) ?? 'F32'];
}

function sync(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
