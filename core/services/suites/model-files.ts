// Models as suites and likelihoods see them: which weights they hold, which template, of which run and step they are.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { HASH_KEY } from '../../lib/conversion/gguf-metadata.ts';
import { describeGguf } from '../../lib/gguf/describe.ts';
import { textOf } from '../../lib/gguf/header.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { readOrigin } from '../models/list-models.ts';
import { readModelFile, stampOf } from '../models/read-header.ts';
import { toStudioError } from '../system-errors.ts';
import { listFiles } from '../workspace/list-files.ts';

export interface MeasuredModel {
  /** Workspace path. */
  readonly path: string;
  readonly absolutePath: string;
  readonly name: string;
  readonly run: { readonly id: string; readonly step: number; readonly tokens: number | null } | null;
  /** `F16`, `Q8_0`. */
  readonly type: string | null;
  /**
   * Which weights these are: the hash of what the file was converted from, with its type; where the file does not say, its path,
   * size and time, so that a changed file is another model.
   */
  readonly identity: string;
  /** Names its files of results. */
  readonly key: string;
  /** SHA-256 of the chat template; empty without one. */
  readonly templateHash: string;
  readonly problem: string | null;
}

export interface ModelFiles {
  list(root: string, signal?: AbortSignal): Promise<readonly MeasuredModel[]>;
  /** NOT_FOUND, CORRUPT_FILE, or errno errors. */
  read(root: string, path: string): Promise<MeasuredModel>;
}

const MODEL = /\.gguf$/i;
/** checkpoints/<run>/<step>/model-<type>.gguf */
const BORN_HERE = /^checkpoints\/([^/]+)\/(?:[a-z]+-)?(\d+)\/[^/]+\.gguf$/i;
const KEY_DIGITS = 16;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Headers are kept by size and time: a vocabulary takes a tenth of a second to read. */
export function createModelFiles(): ModelFiles {
  const known = new Map<string, { readonly stamp: string; readonly model: MeasuredModel }>();
  const read = async (root: string, path: string): Promise<MeasuredModel> => {
    const absolutePath = await resolveInside(root, path);
    const stamp = await stampOf(absolutePath);
    const before = known.get(absolutePath);
    const run = await runOfModel(root, path);
    if (before?.stamp === stamp && before.model.path === path) return { ...before.model, run };
    const { header } = await readModelFile(absolutePath);
    const { quantization, chatTemplate } = describeGguf(header);
    const weights = textOf(header, HASH_KEY);
    const isHashed = weights !== null && /^[0-9a-f]{64}$/.test(weights) && !/^0+$/.test(weights);
    const identity = isHashed ? `${weights} ${quantization}` : `file ${path} ${stamp}`;
    const model: MeasuredModel = {
      path,
      absolutePath,
      name: shownName(path),
      run,
      type: quantization,
      identity,
      key: isHashed
        ? `${weights.slice(0, KEY_DIGITS)}-${quantization.toLowerCase()}`
        : sha256(identity).slice(0, KEY_DIGITS),
      templateHash: chatTemplate === null || chatTemplate === '' ? '' : sha256(chatTemplate),
      problem: null,
    };
    known.set(absolutePath, { stamp, model });
    return model;
  };
  return {
    read,
    async list(root, signal) {
      const { files } = await listFiles(root, signal);
      const models: MeasuredModel[] = [];
      for (const { path } of files) {
        if (!MODEL.test(path)) continue;
        signal?.throwIfAborted();
        models.push(await read(root, path).catch((error: unknown) => refused(root, path, error)));
      }
      return models;
    },
  };
}

function refused(root: string, path: string, error: unknown): MeasuredModel {
  return {
    path,
    absolutePath: join(root, path),
    name: shownName(path),
    run: runOf(path),
    type: null,
    identity: '',
    key: '',
    templateHash: '',
    problem: toStudioError(error).message,
  };
}

async function runOfModel(root: string, path: string): Promise<MeasuredModel['run']> {
  const origin = await readOrigin(root, path);
  return origin === null ? runOf(path) : { id: origin.runId, step: origin.step, tokens: origin.tokens };
}

/** Which run and step a model of this workspace was made of, by where it lies: what is left of one that is gone. */
export function runOf(path: string): MeasuredModel['run'] {
  const [, id, step] = BORN_HERE.exec(path) ?? [];
  return id === undefined || step === undefined ? null : { id, step: Number(step), tokens: null };
}

/** The file, without the folder where it is one of its own: `models/x/x-f16.gguf` is `x-f16`. */
function shownName(path: string): string {
  const run = runOf(path);
  const file = path.slice(path.lastIndexOf('/') + 1).replace(MODEL, '');
  return run === null ? file : `step ${run.step.toLocaleString('en-US')}`;
}
