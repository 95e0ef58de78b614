// Which tool a YAML file is for, decided by its keys so that half-written files are recognised too.
// Exports: recogniseKind(document), explainKind(document) with the reasons. Knows key names only, no schemas.
import type { ConfigDocument, ConfigKind, MapNode } from './types.ts';

export interface KindDecision {
  readonly kind: ConfigKind;
  /** The keys that decided it, most telling first. */
  readonly reasons: readonly string[];
}

type KnownKind = Exclude<ConfigKind, 'unknown'>;

/** A key and how telling it is: 3 = no other kind has it, 1 = a weak hint. A dotted key is one level down. */
const SIGNS: Readonly<Record<KnownKind, Readonly<Record<string, number>>>> = {
  nanotron: {
    parallelism: 3,
    data_stages: 3,
    'model.model_config': 3,
    metrics_logging: 2,
    checkpoints: 2,
    general: 2,
    tokens: 2,
    'optimizer.optimizer_factory': 3,
    'optimizer.learning_rate_scheduler': 3,
    s3_upload: 2,
    lighteval: 2,
    'checkpoints.checkpoint_interval': 2,
    'general.project': 2,
    'tokens.train_steps': 2,
    'tokens.sequence_length': 2,
  },
  'trl-sft': {
    model_name_or_path: 2,
    dataset_name: 2,
    per_device_train_batch_size: 2,
    per_device_eval_batch_size: 1,
    num_train_epochs: 1,
    max_length: 1,
    packing: 2,
    assistant_only_loss: 3,
    completion_only_loss: 3,
    dataset_text_field: 2,
    packing_strategy: 3,
    eval_packing: 2,
    chat_template_path: 2,
    accelerate_config: 2,
    attn_implementation: 1,
    learning_rate: 1,
    output_dir: 1,
    gradient_accumulation_steps: 1,
  },
  'trl-dpo': {
    model_name_or_path: 2,
    dataset_name: 2,
    per_device_train_batch_size: 2,
    per_device_eval_batch_size: 1,
    num_train_epochs: 1,
    max_length: 1,
    beta: 3,
    loss_type: 1,
    loss_weights: 2,
    precompute_ref_log_probs: 3,
    f_divergence_type: 3,
    ref_model_mixup_alpha: 3,
    sync_ref_model: 3,
    label_smoothing: 1,
    use_weighting: 2,
    ld_alpha: 2,
    accelerate_config: 2,
    attn_implementation: 1,
    learning_rate: 1,
    output_dir: 1,
    gradient_accumulation_steps: 1,
  },
  'axolotl-sft': {
    base_model: 3,
    sequence_len: 3,
    sample_packing: 3,
    micro_batch_size: 2,
    dataset_prepared_path: 3,
    val_set_size: 2,
    num_epochs: 2,
    pad_to_sequence_len: 3,
    chat_template_jinja: 2,
    flash_attention: 2,
    datasets: 1,
    special_tokens: 1,
    lora_r: 1,
    learning_rate: 1,
    output_dir: 1,
    gradient_accumulation_steps: 1,
  },
  studio: { targets: 3, models: 1, datasets: 1, name: 1 },
};

const ORDER: readonly KnownKind[] = ['nanotron', 'axolotl-sft', 'trl-dpo', 'trl-sft', 'studio'];
const RECIPE_KEYS = ['id', 'title', 'command'];
/** One weak hint is no recognition. */
const MINIMUM_SCORE = 2;

function has(root: MapNode, dotted: string): boolean {
  const [first = '', second] = dotted.split('.');
  const entry = root.entries.find((candidate) => candidate.key === first);
  if (entry === undefined || second === undefined) return entry !== undefined;
  return entry.value.kind === 'map' && entry.value.entries.some((candidate) => candidate.key === second);
}

/** The kind with the reasons that decided it; `unknown` with no reasons when nothing telling is there. */
export function explainKind(document: Pick<ConfigDocument, 'root'>): KindDecision {
  const root = document.root;
  if (root?.kind !== 'map') return { kind: 'unknown', reasons: [] };
  // A recipe of the team names the targets it can run on, as studio.yaml lists them; its own reader checks it.
  if (RECIPE_KEYS.every((key) => has(root, key))) return { kind: 'unknown', reasons: [] };
  let best: { kind: ConfigKind; score: number; reasons: readonly string[] } = {
    kind: 'unknown',
    score: 0,
    reasons: [],
  };
  for (const kind of ORDER) {
    const found = Object.entries(SIGNS[kind]).filter(([key]) => has(root, key));
    const score = found.reduce((total, [, weight]) => total + weight, 0);
    // DPO shares most keys with SFT: it must show one of its own.
    if (kind === 'trl-dpo' && !found.some(([key]) => !(key in SIGNS['trl-sft']) && key !== 'label_smoothing'))
      continue;
    if (score > best.score) {
      found.sort((left, right) => right[1] - left[1]);
      best = { kind, score, reasons: found.map(([key]) => key) };
    }
  }
  return best.score >= MINIMUM_SCORE
    ? { kind: best.kind, reasons: best.reasons }
    : { kind: 'unknown', reasons: [] };
}

/** The kind of a parsed file, by content. */
export function recogniseKind(document: Pick<ConfigDocument, 'root'>): ConfigKind {
  return explainKind(document).kind;
}
