// The few numbers a TRL or Axolotl config gives away: batch, tokens per step at most, parameters by model name.
// Knows nothing about datasets, so steps and total tokens stay unknown unless the config fixes them.

import type { ConfigDocument, ConfigKind, KeyPath } from '../types.ts';
import { gpusOf, NOTHING_DERIVED, type Derived, type DeriveOptions } from './derived-types.ts';
import { findKnownModel } from './known-models.ts';
import { booleanAt, positiveIntegerAt, stringAt } from './read-values.ts';

interface PostTrainingFields {
  readonly microBatch: KeyPath;
  readonly microBatchDefault: number;
  readonly accumulation: KeyPath;
  readonly length: KeyPath;
  readonly lengthDefault: number;
  readonly packing: KeyPath;
  readonly model: KeyPath;
}

/** Defaults: TRL 1.10 (HF TrainingArguments batch 8, max_length 1024) and Axolotl 0.18 (batch 1, sequence_len 512). */
const TRL_FIELDS: PostTrainingFields = {
  microBatch: ['per_device_train_batch_size'],
  microBatchDefault: 8,
  accumulation: ['gradient_accumulation_steps'],
  length: ['max_length'],
  lengthDefault: 1024,
  packing: ['packing'],
  model: ['model_name_or_path'],
};

const AXOLOTL_FIELDS: PostTrainingFields = {
  microBatch: ['micro_batch_size'],
  microBatchDefault: 1,
  accumulation: ['gradient_accumulation_steps'],
  length: ['sequence_len'],
  lengthDefault: 512,
  packing: ['sample_packing'],
  model: ['base_model'],
};

/** Which keys hold batch, length and model of a post-training kind; null for other kinds. */
export function postTrainingFields(kind: ConfigKind): PostTrainingFields | null {
  if (kind === 'trl-sft' || kind === 'trl-dpo') return TRL_FIELDS;
  return kind === 'axolotl-sft' ? AXOLOTL_FIELDS : null;
}

/** Effective batch = per-device batch · accumulation · GPUs; tokens per step = × length limit, a ceiling without packing. */
export function derivePostTraining(
  document: ConfigDocument,
  kind: ConfigKind,
  options: DeriveOptions,
): Derived {
  const fields = postTrainingFields(kind);
  if (fields === null) return NOTHING_DERIVED;
  const microBatch = positiveIntegerAt(document, fields.microBatch) ?? fields.microBatchDefault;
  const accumulation = positiveIntegerAt(document, fields.accumulation) ?? 1;
  const length = positiveIntegerAt(document, fields.length) ?? fields.lengthDefault;
  const gpus = gpusOf(options) ?? positiveIntegerAt(document, ['num_processes']);
  const batch = gpus === null ? null : microBatch * accumulation * gpus;
  const steps = positiveIntegerAt(document, ['max_steps']);
  const tokensPerStep = batch === null ? null : batch * length;
  const name = stringAt(document, fields.model);
  const model = name === null ? null : findKnownModel(name);
  const noGpus = 'choose how many GPUs the job gets';
  const noSteps = 'the number of steps depends on the dataset';
  const noModel = 'the config names a model that is not in the table of known sizes';
  return {
    ...NOTHING_DERIVED,
    parameters: model?.parameters ?? null,
    globalBatchSequences: batch,
    tokensPerStep,
    tokensPerStepIsCeiling: booleanAt(document, fields.packing) !== true,
    totalTokens: tokensPerStep === null || steps === null ? null : tokensPerStep * steps,
    reasons: {
      ...(model === null ? { parameters: noModel } : {}),
      ...(batch === null ? { globalBatchSequences: noGpus, tokensPerStep: noGpus } : {}),
      ...(steps === null || tokensPerStep === null ? { totalTokens: steps === null ? noSteps : noGpus } : {}),
      memoryPerGpuBytes: 'memory is estimated for Nanotron runs only',
      speed: 'speed is estimated for Nanotron runs only',
      flopsPerToken: 'the config names the model, not its shape',
    },
  };
}
