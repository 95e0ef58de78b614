// Which files of a checkpoint are its model: weights, configs, tokenizer. Optimizer, schedules and random states stay where they are.
import type { OpenableLayout } from './layouts.ts';

const tokenizer =
  /^(tokenizer.*\.json|tokenizer\.model|special_tokens_map\.json|added_tokens\.json|vocab\.(json|txt)|merges\.txt|chat_template\.(jinja|json)|[\w-]+\.jinja|sentencepiece[\w.]*\.model|spiece\.model)$/;
const nanotronSide = /^(config\.yaml|model_config\.json|checkpoint_metadata\.json|generation_config\.json)$/;
const huggingFaceSide =
  /^(config\.json|generation_config\.json|adapter_config\.json|trainer_state\.json|README\.md)$/;

/** `path` is below the checkpoint's folder, forward slashes. */
export function isOfModel(layout: OpenableLayout, path: string): boolean {
  // A name that could not be asked for line by line is no file of a trainer.
  if (/[\p{Cc}\\]/u.test(path) || path.endsWith(' ') || path.split('/').includes('..')) return false;
  if (layout === 'nanotron') {
    if (/^model\/.+\.safetensors$/.test(path)) return true;
    return nanotronSide.test(path) || tokenizer.test(path);
  }
  if (path.includes('/')) return false;
  return (
    /^(model|adapter_model).*\.safetensors$/.test(path) ||
    path.endsWith('.safetensors.index.json') ||
    huggingFaceSide.test(path) ||
    tokenizer.test(path)
  );
}

/** Of a tokenizer's own folder. */
export function isOfTokenizer(name: string): boolean {
  return tokenizer.test(name) || name === 'generation_config.json';
}

export function isWeights(path: string): boolean {
  return path.endsWith('.safetensors');
}

/** Why a checkpoint without safetensors cannot be taken, and what to do. `paths` are all its files. */
export function noWeightsReason(paths: readonly string[]): {
  readonly message: string;
  readonly hint: string;
} {
  if (paths.some((path) => /^pytorch_model_fsdp_\d+\//.test(path))) {
    return {
      message: 'Its weights are shards of FSDP, which are not read',
      hint: 'Merge them there: accelerate merge-weights CHECKPOINT/pytorch_model_fsdp_0 CHECKPOINT',
    };
  }
  if (paths.some((path) => /^global_step\d+\//.test(path))) {
    return {
      message: 'Its weights are shards of DeepSpeed, which are not read',
      hint: 'Merge them there: python zero_to_fp32.py . . --safe_serialization in its folder',
    };
  }
  if (paths.some((path) => /^pytorch_model.*\.bin$/.test(path))) {
    return {
      message: 'Its weights are PyTorch files, which can run code when they are read',
      hint: 'Save with safe_serialization=True (save_safetensors: true in the config)',
    };
  }
  return { message: 'There are no weights in its folder', hint: 'Choose another step' };
}
