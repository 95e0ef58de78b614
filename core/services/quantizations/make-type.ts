// Another type of the same weights, beside the model: of the weights it was made from where they are here, else of the file itself.
import { stat } from 'node:fs/promises';
import { basename, dirname, posix } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { type WeightType, weightTypes } from '../../lib/conversion/gguf-metadata.ts';
import { describeGguf } from '../../lib/gguf/describe.ts';
import { readReport } from '../models/parity-file.ts';
import { askWeights } from '../conversion/weights-child.ts';
import { isInside, resolveInside, toWorkspacePath } from '../files/resolve-inside.ts';
import { readModelFile } from '../models/read-header.ts';
import { spawnChild } from '../native/spawn-child.ts';

export interface TypeRequest {
  /** Of the workspace. */
  readonly path: string;
  readonly type: WeightType;
  /** Of the workspace; null for what is known of the model. */
  readonly source: string | null;
}

export interface TypeMaking {
  readonly appFolder: string;
  readonly root: string;
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
}

/** Gives the new model as a path of the workspace. NOT_FOUND where no weights are known, ALREADY_EXISTS. */
export async function makeType(
  { path, type, source: given }: TypeRequest,
  { appFolder, root, signal, onProgress }: TypeMaking,
): Promise<string> {
  const source = given ?? (await knownSource(root, path));
  const made = outputOf(path, type);
  const output = await resolveInside(root, made);
  const from = await resolveInside(root, source);
  const options = { spawn: () => spawnChild(appFolder, 'native-weights'), signal, onProgress };
  if (/\.gguf$/i.test(source)) {
    await askWeights({ kind: 'requantize', request: { input: from, output, type } }, options);
    return made;
  }
  const request = {
    source: from,
    output,
    format: 'gguf' as const,
    type,
    tokenizer: null,
    preTokenizer: null,
    name: null,
    replace: false,
  };
  await askWeights({ kind: 'convert', request }, options);
  return made;
}

/** As `sourceOf`; throws NOT_FOUND for null. */
export async function knownSource(root: string, path: string): Promise<string> {
  const source = await sourceOf(root, path);
  if (source !== null) return source;
  throw new StudioError('NOT_FOUND', `The weights of ${basename(path)} are not known here`, {
    hint: 'Choose the folder of weights it was converted from, or pull the checkpoint again',
    path,
  });
}

/** `models/a-f16.gguf` → `models/a-q4_0.gguf`; a name without its type gets one. */
export function outputOf(path: string, type: WeightType): string {
  const name = basename(path).replace(/\.gguf$/i, '');
  const known = weightTypes.find((one) => name.toLowerCase().endsWith(`-${one}`));
  const stem = known === undefined ? name : name.slice(0, -known.length - 1);
  return posix.join(dirname(path), `${stem}-${type}.gguf`);
}

/** `a-f16.gguf` and `a-q4_0.gguf` of one folder: what files say that do not tell which weights they are of. */
export function isSameButType(one: string, other: string): boolean {
  const stem = (path: string) => outputOf(path, 'f16');
  return stem(one) === stem(other);
}

/** From the workspace: the weights beside a checkpoint's model, else those it was verified against, else the file itself where it holds floats. */
export async function sourceOf(root: string, path: string): Promise<string | null> {
  const beside = posix.join(dirname(path), 'weights');
  const found = await stat(await resolveInside(root, beside)).catch(() => null);
  if (found?.isDirectory()) return beside;
  const report = await readReport(await resolveInside(root, path)).catch(() => null);
  const source = report?.record.source;
  if (source !== undefined && isInside(root, source)) return toWorkspacePath(root, source);
  // Floats can be cut smaller as they are.
  const { header } = await readModelFile(await resolveInside(root, path));
  return /^(F32|F16|BF16)$/i.test(describeGguf(header).quantization) ? path : null;
}
