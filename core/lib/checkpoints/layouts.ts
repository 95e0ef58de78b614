// What a folder of checkpoints looks like, by trainer: which of its folders are checkpoints, of which step, and whether they are whole.
// From names and small files alone; knows nothing about where they lie. Read for Nanotron main of 2025, Transformers 4 and 5,
// Megatron-LM core 0.9 to 0.20, nanochat of 2026.
import type { Checkpoint } from '../../api/checkpoints.ts';

export type CheckpointLayout = Checkpoint['layout'];
/** Those whose weights are read here. */
export type OpenableLayout = Extract<CheckpointLayout, 'nanotron' | 'hugging-face'>;

export function isOpenable(layout: CheckpointLayout): layout is OpenableLayout {
  return layout === 'nanotron' || layout === 'hugging-face';
}

/** Whose format it is, and what can be done. */
export function whyNotOpened(layout: Exclude<CheckpointLayout, OpenableLayout>): {
  readonly message: string;
  readonly hint: string;
} {
  const goesOn = 'a run goes on from it as it is';
  return layout === 'megatron'
    ? {
        message: 'Checkpoints of Megatron-LM are not read here',
        hint: `Convert it to the format of Hugging Face where it lies, and open that; ${goesOn}`,
      }
    : {
        message: 'Checkpoints of nanochat are not read here',
        hint: `Its weights are PyTorch files, which can run code when they are read; ${goesOn}`,
      };
}

/** What is asked of a folder, besides its own name. Paths are below it, with forward slashes. */
export interface FolderLooks {
  readonly name: string;
  /** Names of the files and folders directly in it; of nanochat, the files of the same step. */
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
/** Beside the checkpoints of Nanotron and of Megatron-LM: the step of the newest whole one. */
export const LATEST_FILES = ['latest.txt', 'latest_checkpointed_iteration.txt'] as const;
/** Names that `stepOfName` knows, as grep -E takes them. */
export const NAME_PATTERN = '^((checkpoint-|iter_)?[0-9]{1,12}|model_[0-9]{1,12}\\.pt)$';

/** `5000` → Nanotron's step 5000, `checkpoint-500` → transformers', `iter_0000500` → Megatron-LM's, `model_000500.pt` → nanochat's. */
export function stepOfName(
  name: string,
): { readonly layout: CheckpointLayout; readonly step: number } | null {
  const match = /^(?:(checkpoint-|iter_)?(\d{1,12})|model_(\d{1,12})\.pt)$/.exec(name);
  if (!match) return null;
  const [, prefix, step, ofFile] = match;
  if (ofFile !== undefined) return { layout: 'nanochat', step: Number(ofFile) };
  return {
    layout: prefix === undefined ? 'nanotron' : (layoutOfPrefix.get(prefix) ?? 'nanotron'),
    step: Number(step),
  };
}

/** Of a checkpoint that is a few files in a folder of many: whether this one is of it. nanochat pads steps, so names tell them apart. */
export function isOfSameStep(checkpointName: string, file: string): boolean {
  const digits = /^model_(\d{1,12})\.pt$/.exec(checkpointName)?.[1];
  return (
    digits !== undefined &&
    new RegExp(`^(?:model|meta|optim)_${digits}(?:_rank\\d+)?\\.(?:pt|json)$`).test(file)
  );
}

/** Whether the newest one is named beside them; `latestText` is of that file. */
export function isNamedLatest(
  { layout, step }: Pick<Checkpoint, 'layout' | 'step'>,
  latestText: string | null,
): boolean {
  if (layout !== 'nanotron' && layout !== 'megatron') return false;
  return latestText !== null && /^\d+$/.test(latestText.trim()) && Number(latestText) === step;
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
  const facts = factsOf[layout](looks, step, latestText);
  if (facts === null) return null;
  return {
    name: looks.name,
    path: `${parent.replace(/\/+$/, '')}/${looks.name}`,
    layout,
    step,
    isLatest: isNamedLatest(named, latestText),
    sizeBytes: looks.sizeBytes,
    files: looks.files,
    savedMs: looks.modifiedMs,
    ...facts,
  };
}

const layoutOfPrefix: ReadonlyMap<string, CheckpointLayout> = new Map([
  ['checkpoint-', 'hugging-face'],
  ['iter_', 'megatron'],
]);

type Facts = Pick<Checkpoint, 'problem' | 'tokens' | 'topology'>;

const factsOf: Readonly<
  Record<CheckpointLayout, (looks: FolderLooks, step: number, latestText: string | null) => Facts | null>
> = {
  nanotron: nanotronFacts,
  'hugging-face': huggingFaceFacts,
  megatron: megatronFacts,
  nanochat: nanochatFacts,
};

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

/** All ranks have saved once the file beside the checkpoints names it, or one after it. */
function megatronFacts({ entries }: FolderLooks, step: number, latestText: string | null): Facts | null {
  const ranks = entries.filter((entry) => /^mp_rank_\d{2}(?:_\d{3})?(?:_\d{3})?$/.test(entry)).length;
  const isSharded = entries.some(
    (entry) => entry === 'metadata.json' || entry === '.metadata' || entry.endsWith('.distcp'),
  );
  if (entries.length > 0 && ranks === 0 && !isSharded) return null;
  const facts = { tokens: null, topology: ranks > 1 ? `${ranks} model-parallel ranks` : null };
  const newest = /^\d+$/.exec(latestText?.trim() ?? '')?.[0];
  if (newest !== undefined && Number(newest) >= step) return { ...facts, problem: null };
  const tracker = LATEST_FILES[1];
  return {
    ...facts,
    problem: `${tracker}, which is written when all ranks have saved, ${newest === undefined ? 'is missing' : 'does not go that far'}`,
  };
}

/** Its first process writes weights, then what they are, then its optimizer; the others theirs. */
function nanochatFacts({ entries, texts, name }: FolderLooks): Facts | null {
  const digits = name.slice('model_'.length, -'.pt'.length);
  const ranks = entries.filter((entry) => entry.startsWith(`optim_${digits}_rank`)).length;
  const meta = `meta_${digits}.json`;
  const metadata = parseJson(texts[meta]);
  const batch = numberAt(metadata, 'total_batch_size');
  const facts = {
    tokens: batch === null ? null : batch * Number(digits),
    topology: ranks > 1 ? `${ranks} processes` : null,
  };
  if (!entries.includes(meta))
    return { ...facts, problem: `${meta}, which is written after the weights, is missing` };
  return { ...facts, problem: metadata === null ? `${meta} is not whole` : null };
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
