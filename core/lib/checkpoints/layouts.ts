// What a folder of checkpoints looks like, by trainer: which of its folders are checkpoints, of which step, and whether they are whole.
// From names and small files alone; knows nothing about where they lie.
import type { Checkpoint } from '../../api/checkpoints.ts';

export type CheckpointLayout = Checkpoint['layout'];

/** What is asked of a folder, besides its own name. Paths are below it, with forward slashes. */
export interface FolderLooks {
  readonly name: string;
  /** Names of the files and folders directly in it. */
  readonly entries: readonly string[];
  /** Text of the small files asked for by `smallFilesOf`, as far as they are there. */
  readonly texts: Readonly<Record<string, string>>;
  readonly sizeBytes: number | null;
  readonly files: number | null;
  readonly modifiedMs: number | null;
}

/** Files that say what a checkpoint is; each a few kilobytes. */
export const SMALL_FILES = ['model_config.json', 'checkpoint_metadata.json'] as const;
/** More than this is no such file. */
export const MAX_SMALL_FILE_BYTES = 262_144;
/** Beside the checkpoints of Nanotron: the step of the newest whole one. */
export const LATEST_FILE = 'latest.txt';

/** `5000` → Nanotron's step 5000, `checkpoint-500` → transformers'. Null for any other name. */
export function stepOfName(
  name: string,
): { readonly layout: CheckpointLayout; readonly step: number } | null {
  const match = /^(checkpoint-)?(\d{1,12})$/.exec(name);
  if (!match) return null;
  return { layout: match[1] === undefined ? 'nanotron' : 'hugging-face', step: Number(match[2]) };
}

/** Null for a folder that is no checkpoint: a number by chance, with nothing of one inside. */
export function readCheckpoint(
  looks: FolderLooks,
  parent: string,
  latestText: string | null,
): Checkpoint | null {
  const named = stepOfName(looks.name);
  if (named === null) return null;
  const { layout, step } = named;
  const facts = layout === 'nanotron' ? nanotronFacts(looks) : huggingFaceFacts(looks);
  if (facts === null) return null;
  return {
    name: looks.name,
    path: `${parent.replace(/\/+$/, '')}/${looks.name}`,
    layout,
    step,
    isLatest: layout === 'nanotron' && latestText !== null && Number(latestText.trim()) === step,
    sizeBytes: looks.sizeBytes,
    files: looks.files,
    savedMs: looks.modifiedMs,
    ...facts,
  };
}

type Facts = Pick<Checkpoint, 'problem' | 'tokens' | 'topology'>;

/** Nanotron writes model_config.json last: it is whole when that is there and is JSON. */
function nanotronFacts({ entries, texts }: FolderLooks): Facts | null {
  const has = (name: string) => entries.includes(name);
  if (!has('config.yaml') && !has('model') && !has('model_config.json')) return null;
  const metadata = parseJson(texts['checkpoint_metadata.json']);
  const metas = member(metadata, 'metas');
  const parallel = (['dp', 'tp', 'cp'] as const).flatMap((key) => {
    const value = numberAt(metadata, key);
    return value === null || (key === 'cp' && value === 1) ? [] : [`${key} ${value}`];
  });
  const common = {
    tokens: numberAt(metas, 'consumed_tokens_total'),
    topology: parallel.length === 0 ? null : parallel.join(' · '),
  };
  if (!has('model_config.json')) {
    return { ...common, problem: 'model_config.json, which is written last, is missing' };
  }
  if (!has('model')) return { ...common, problem: 'the folder of the weights is missing' };
  if (parseJson(texts['model_config.json']) === null) {
    return { ...common, problem: 'model_config.json is not whole' };
  }
  return { ...common, problem: null };
}

/** transformers writes trainer_state.json after weights and optimizer. */
function huggingFaceFacts({ entries }: FolderLooks): Facts | null {
  if (entries.length === 0) return { problem: 'its folder is empty', tokens: null, topology: null };
  const facts = { tokens: null, topology: topologyOf(entries) };
  const isWeights = (name: string) =>
    /^(model|pytorch_model|adapter_model).*\.(safetensors|bin)$/.test(name) ||
    /^pytorch_model_fsdp_\d+$|^global_step\d+$/.test(name);
  if (!entries.some(isWeights)) return { ...facts, problem: 'its weights are missing' };
  const missing = missingShards(entries);
  if (missing !== null) return { ...facts, problem: missing };
  if (!entries.includes('trainer_state.json')) {
    return { ...facts, problem: 'trainer_state.json, which is written after the weights, is missing' };
  }
  return { ...facts, problem: null };
}

/** `model-00002-of-00005.safetensors`: all five have to be there. */
function missingShards(entries: readonly string[]): string | null {
  const seen = new Map<string, { of: number; found: number }>();
  for (const entry of entries) {
    const match = /^(.*)-(\d{5})-of-(\d{5})\.(?:safetensors|bin)$/.exec(entry);
    if (!match) continue;
    const known = seen.get(match[1] ?? '') ?? { of: Number(match[3]), found: 0 };
    seen.set(match[1] ?? '', { ...known, found: known.found + 1 });
  }
  for (const [name, { of, found }] of seen) {
    if (found < of) return `${of - found} of the ${of} files of ${name} are missing`;
  }
  return null;
}

function topologyOf(entries: readonly string[]): string | null {
  const ranks = entries.filter((entry) => /^rng_state_\d+\.pth$/.test(entry)).length;
  return ranks > 1 ? `${ranks} processes` : null;
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function numberAt(value: unknown, key: string): number | null {
  const found = member(value, key);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}
