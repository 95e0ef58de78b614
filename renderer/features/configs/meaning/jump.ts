// From a number back to the keys it comes from. Knows which keys; derived numbers are core/lib/config's business.
import { parseConfig } from '../../../../core/lib/config/document.ts';
import { entryAt } from '../../../../core/lib/config/lookup.ts';
import type { ConfigKind, KeyPath } from '../../../../core/lib/config/types.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import { reveal } from '../documents/desk-signals.ts';

export type Figure =
  | 'parameters'
  | 'tokensPerStep'
  | 'totalTokens'
  | 'flops'
  | 'gpus'
  | 'memory'
  | 'checkpoints'
  | 'learningRate'
  | 'dataMix';

const nanotronKeys: Readonly<Record<Figure, KeyPath>> = {
  parameters: ['model', 'model_config', 'hidden_size'],
  tokensPerStep: ['tokens', 'micro_batch_size'],
  totalTokens: ['tokens', 'train_steps'],
  flops: ['tokens', 'sequence_length'],
  gpus: ['parallelism', 'dp'],
  memory: ['tokens', 'micro_batch_size'],
  checkpoints: ['checkpoints', 'checkpoint_interval'],
  learningRate: ['optimizer', 'learning_rate_scheduler', 'learning_rate'],
  dataMix: ['data_stages'],
};

/** First that is in the file wins: TRL's and Axolotl's names for the same things. */
const postTrainingKeys: Readonly<Record<Figure, readonly string[]>> = {
  parameters: ['model_name_or_path', 'base_model'],
  tokensPerStep: ['per_device_train_batch_size', 'micro_batch_size', 'gradient_accumulation_steps'],
  totalTokens: ['num_train_epochs', 'num_epochs', 'max_steps'],
  flops: ['max_length', 'sequence_len'],
  gpus: ['fsdp', 'deepspeed'],
  memory: ['per_device_train_batch_size', 'micro_batch_size'],
  checkpoints: ['save_steps'],
  learningRate: ['learning_rate'],
  dataMix: ['dataset_name', 'datasets'],
};

/** Shows where a figure comes from in the text; false when none of its keys is in the file. */
export function jumpToFigure(buffer: ConfigBuffer, kind: ConfigKind, figure: Figure): boolean {
  const paths: readonly KeyPath[] =
    kind === 'nanotron' ? [nanotronKeys[figure]] : postTrainingKeys[figure].map((key) => [key]);
  return paths.some((path) => jumpToKey(buffer, path));
}

/** Shows a key in the text, or the nearest parent that is there; false when not even the first step is. */
export function jumpToKey(buffer: ConfigBuffer, path: KeyPath): boolean {
  const { root } = parseConfig(buffer.text());
  for (let length = path.length; length > 0; length -= 1) {
    const entry = entryAt(root, path.slice(0, length));
    if (entry === undefined) continue;
    const start = entry.keyRange.start;
    const end =
      entry.value.kind === 'scalar'
        ? Math.max(entry.value.range.end, entry.keyRange.end)
        : entry.keyRange.end;
    reveal(buffer.path, { start, end });
    return true;
  }
  return false;
}
