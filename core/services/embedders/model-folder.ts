// A folder with an embedding model: config.json, tokenizer.json, and one ONNX file a variant. Reads the small files, hashes the
// large ones, loads nothing.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import { findModelFiles, type ModelFile } from '../../lib/embedding/model-variant.ts';

/** Configs are some kB. */
const MAX_CONFIG_BYTES = 1_048_576;
/** XLM-R's 250k entries are 17 MB. */
const MAX_TOKENIZER_BYTES = 134_217_728;
/** What the official annotator reads at most; a model's own limit may be lower. */
export const OFFICIAL_MAX_LENGTH = 8192;

/** Written beside a downloaded model: where it came from. */
export const SOURCE_FILE = 'nesso-source.json';
export const modelSource = z.object({
  /** As on the hub: owner/name. */
  id: z.string(),
  /** Commit. */
  revision: z.string(),
  endpoint: z.string(),
});

const size = z.number().int().positive();
/** Names of BERT, XLM-R and GTE configs. */
const modelConfig = z.looseObject({
  _name_or_path: z.string().optional(),
  model_type: z.string().optional(),
  hidden_size: size.optional(),
  num_attention_heads: size.optional(),
  max_position_embeddings: size.optional(),
});

export interface ModelFolder {
  /** Absolute. */
  readonly folder: string;
  /** owner/name where it is known, else the folder's name. */
  readonly id: string;
  readonly revision: string | null;
  readonly modelType: string | null;
  /** Null where config.json does not say. */
  readonly dimensions: number | null;
  readonly attentionHeads: number | null;
  /** True when the model says that it was trained to be read otherwise than by its first token. */
  readonly otherPooling: boolean;
  /** Tokens; what is read unless a person says less. */
  readonly maxLength: number;
  /** The most exact first; at least one. */
  readonly files: readonly ModelFile[];
}

/** `folder` is absolute. Throws NOT_FOUND, INVALID_INPUT, CORRUPT_FILE or errno errors, each naming what is missing. */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const name = basename(folder);
  const info = await stat(folder).catch(() => null);
  if (!info) {
    throw new StudioError('NOT_FOUND', `There is no folder ${name}`, {
      hint: 'Name a folder with an embedding model, or builtin',
      path: folder,
    });
  }
  if (!info.isDirectory()) {
    throw new StudioError('INVALID_INPUT', `${name} is a file, an embedding model is a folder`, {
      hint: 'Name the folder that holds config.json, tokenizer.json and model.onnx',
      path: folder,
    });
  }
  const names = await modelFileNames(folder);
  const files = findModelFiles(names);
  const missing = ['config.json', 'tokenizer.json'].filter((file) => !names.includes(file));
  if (files.length === 0) missing.push('model.onnx');
  if (missing.length > 0) {
    throw new StudioError('INVALID_INPUT', `${name} has no ${missing.join(' and no ')}`, {
      hint: 'An embedder needs config.json, tokenizer.json and model.onnx (or onnx/model.onnx) in one folder; download it again',
      path: folder,
    });
  }
  const tokenizer = await stat(join(folder, 'tokenizer.json'));
  if (tokenizer.size > MAX_TOKENIZER_BYTES) {
    throw new StudioError('TOO_LARGE', `The tokenizer.json of ${name} is too large for a tokenizer`, {
      hint: 'Download it again',
      path: folder,
    });
  }
  const config = modelConfig.safeParse(await readJson(join(folder, 'config.json')));
  if (!config.success) {
    throw new StudioError('CORRUPT_FILE', `The config.json of ${name} is not that of a model`, {
      hint: 'Download it again',
      path: folder,
      cause: config.error,
    });
  }
  const source = names.includes(SOURCE_FILE)
    ? modelSource.safeParse(await readJson(join(folder, SOURCE_FILE))).data
    : undefined;
  const { hidden_size, num_attention_heads, max_position_embeddings, model_type, _name_or_path } =
    config.data;
  const named =
    _name_or_path !== undefined && /^[\w.-]+\/[\w.-]+$/.test(_name_or_path) ? _name_or_path : name;
  return {
    folder,
    id: source?.id ?? named,
    revision: source?.revision ?? null,
    modelType: model_type ?? null,
    dimensions: hidden_size ?? null,
    attentionHeads: num_attention_heads ?? null,
    otherPooling: await hasOtherPooling(folder),
    maxLength: Math.min(OFFICIAL_MAX_LENGTH, positionsOf(model_type, max_position_embeddings)),
    files,
  };
}

const poolingConfig = z.looseObject({ pooling_mode_cls_token: z.boolean() });

/** As sentence-transformers writes it. */
async function hasOtherPooling(folder: string): Promise<boolean> {
  const path = join(folder, '1_Pooling', 'config.json');
  const there = await stat(path).catch(() => null);
  const config = there ? poolingConfig.safeParse(await readJson(path)) : null;
  return config?.success === true && !config.data.pooling_mode_cls_token;
}

/** Roberta and its kin count positions from 2. */
function positionsOf(type: string | undefined, positions = OFFICIAL_MAX_LENGTH): number {
  return type !== undefined && /roberta/.test(type) ? Math.max(1, positions - 2) : positions;
}

/** Files of the folder and of its `onnx` folder, relative, with slashes. */
export async function modelFileNames(folder: string): Promise<readonly string[]> {
  const own = await readdir(folder);
  const inner = await readdir(join(folder, 'onnx')).catch(() => []);
  return [...own, ...inner.map((file) => `onnx/${file}`)];
}

/** Throws INVALID_INPUT that names the variants there are. */
export function chooseModelFile(model: ModelFolder, variant: string | null): ModelFile {
  const found = variant === null ? model.files[0] : model.files.find((file) => file.variant === variant);
  if (found) return found;
  const there = model.files.map((file) => file.variant).join(', ');
  throw new StudioError('INVALID_INPUT', `${basename(model.folder)} has no variant ${variant}`, {
    hint: `It has: ${there}`,
    path: model.folder,
  });
}

/** SHA-256 of the model file, as sha256sum prints it; with weights in a file of their own, of both hashes. */
export async function hashModel(folder: string, file: string, signal?: AbortSignal): Promise<string> {
  const path = join(folder, file);
  const own = await hashFile(path, signal);
  const others = [`${path}_data`, `${path}.data`];
  const hashes: string[] = [];
  for (const other of others) {
    if (await stat(other).catch(() => null)) hashes.push(await hashFile(other, signal));
  }
  if (hashes.length === 0) return own;
  return createHash('sha256')
    .update([own, ...hashes].join('\n'))
    .digest('hex');
}

export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
    hash.update(chunk as Uint8Array);
  }
  return hash.digest('hex');
}

async function readJson(path: string): Promise<unknown> {
  const { size: bytes } = await stat(path);
  const broken = (cause?: unknown): StudioError =>
    new StudioError('CORRUPT_FILE', `${basename(path)} is not valid JSON`, {
      hint: 'Copy or download the file again',
      path,
      cause,
    });
  if (bytes > MAX_CONFIG_BYTES) throw broken();
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw error instanceof SyntaxError ? broken(error) : error;
  }
}
