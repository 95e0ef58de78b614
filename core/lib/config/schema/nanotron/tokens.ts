// Nanotron `tokens`: batch, sequence and length of the run. Source: Nanotron main, April 2026.
import { int, objectSchema } from '../fields.ts';

const NO_VALIDATION = 'Validation is not implemented in Nanotron main: this key does nothing.';

export const TOKENS = objectSchema('tokens', 'Batch shape and length of the run.', {
  sequence_length: int('Sequence length', 'Tokens per training sample.', {
    required: true,
    unit: 'tokens',
    minimum: 1,
  }),
  train_steps: int('Train steps', 'Absolute number of the last step; a resumed run continues up to it.', {
    required: true,
    unit: 'steps',
    minimum: 1,
  }),
  micro_batch_size: int('Micro batch', 'Samples that one GPU puts through the model at a time.', {
    required: true,
    unit: 'samples',
    minimum: 1,
  }),
  batch_accumulation_per_replica: int(
    'Accumulation',
    'Micro batches whose gradients are added up before one update.',
    {
      required: true,
      unit: 'micro batches',
      minimum: 1,
    },
  ),
  val_check_interval: int('Validate every', 'Meant as the interval between validations; −1 is never.', {
    nullable: true,
    default: -1,
    unit: 'steps',
    minimum: -1,
    noEffect: NO_VALIDATION,
    advanced: true,
  }),
  limit_val_batches: int('Validation batches', 'Meant as the number of validation batches.', {
    nullable: true,
    default: 0,
    unit: 'batches',
    minimum: 0,
    noEffect: NO_VALIDATION,
    advanced: true,
  }),
  limit_test_batches: int('Test batches', 'Meant as the number of test batches.', {
    nullable: true,
    default: 0,
    unit: 'batches',
    minimum: 0,
    noEffect: NO_VALIDATION,
    advanced: true,
  }),
});
