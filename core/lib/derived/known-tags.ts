// Which tag of a run holds which quantity: trainers have many names for the same thing.

export type Quantity =
  | 'loss'
  | 'gradNorm'
  | 'rate'
  | 'tokensPerSecond'
  | 'tokensPerSecondPerGpu'
  | 'secondsPerStep'
  | 'teraflopsPerGpu'
  | 'tokens'
  | 'epochs';

/** The first that a run has is taken. Nanotron's names come first, then those of transformers, of its wandb rows, of nanochat and Megatron-LM. */
export const TAGS: Readonly<Record<Quantity, readonly string[]>> = {
  loss: ['lm_loss', 'loss', 'train/loss', 'train_loss', 'train/lm_loss', 'lm loss'],
  gradNorm: ['grad_norm', 'train/grad_norm', 'grad norm', 'grad-norm'],
  rate: ['lr', 'learning_rate', 'train/learning_rate', 'train/lr', 'learning rate', 'learning-rate'],
  tokensPerSecond: [
    'tokens_per_sec',
    'tokens_per_second',
    'train/tokens_per_second',
    'throughput',
    'tok/sec',
    'train/tok_per_sec',
  ],
  tokensPerSecondPerGpu: ['tokens_per_sec_per_gpu', 'tokens_per_second_per_gpu'],
  secondsPerStep: ['time_per_iteration_ms', 'step_time_ms', 'dt', 'elapsed time per iteration (ms)'],
  teraflopsPerGpu: ['model_tflops_per_gpu'],
  tokens: ['consumed_tokens', 'num_tokens', 'train/num_tokens', 'num_input_tokens_seen', 'total_tokens'],
  epochs: ['epoch', 'train/epoch'],
};

/** What a value of a tag of `secondsPerStep` is divided by: those tags are in milliseconds. */
export const MS_PER_SECOND = 1000;

const quantityByTag: ReadonlyMap<string, Quantity> = new Map(
  (Object.entries(TAGS) as [Quantity, readonly string[]][]).flatMap(([quantity, tags]) =>
    tags.map((tag): [string, Quantity] => [tag, quantity]),
  ),
);

/** What a tag holds, or undefined for one of no interest here. */
export function quantityOf(tag: string): Quantity | undefined {
  return quantityByTag.get(tag);
}

/** The tag of a run that holds a quantity; null when it has none. */
export function tagOf(quantity: Quantity, has: (tag: string) => boolean): string | null {
  // LLaMA-Factory counts tokens under this name, Megatron-LM operations.
  const areOperations = has('throughput') && has('lm loss');
  if (areOperations && quantity === 'teraflopsPerGpu') return 'throughput';
  return TAGS[quantity].find((tag) => has(tag) && !(areOperations && tag === 'throughput')) ?? null;
}
