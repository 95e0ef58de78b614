// Nanotron `model`: architecture, initialisation and number format. Source: Nanotron main, April 2026.
import { bool, float, int, objectSchema, oneOf, path, union } from '../fields.ts';
import { LLAMA, QWEN2, STARCODER2 } from './model-classes.ts';

const DTYPES = [
  'float32',
  'float64',
  'complex64',
  'complex128',
  'float16',
  'bfloat16',
  'uint8',
  'int8',
  'int16',
  'int32',
  'int64',
  'bool',
] as const;

const RANDOM_INIT = objectSchema('random init', 'Random weights with a given spread.', {
  std: float('Standard deviation', 'Spread of the initial weights; 1/√hidden_size is the usual choice.', {
    required: true,
    exclusiveMinimum: 0,
  }),
  scaling_method: oneOf(
    ['NONE', 'NUM_LAYERS', 'LAYER_INDEX', 'MODEL_SCALE'],
    'Scaling',
    'How output projections are scaled down; LAYER_INDEX and MODEL_SCALE do not work.',
    {
      default: 'NUM_LAYERS',
      ignoreCase: true,
    },
  ),
});

const MUP_INIT = objectSchema('µP init', 'Maximal update parametrisation.', {
  use_mup: bool('Use µP', 'Initialise by maximal update parametrisation.', { required: true }),
});

const EXISTING_INIT = objectSchema(
  'existing checkpoint',
  'Start from the weights of a checkpoint, without its optimizer.',
  {
    path: path(
      'Checkpoint',
      'Folder of the checkpoint; this is how continued pre-training starts from a converted model.',
      { required: true },
    ),
  },
);

export const MODEL = objectSchema('model', 'Architecture, initial weights and number format.', {
  model_config: union(
    [
      { kind: 'object', object: LLAMA },
      { kind: 'object', object: STARCODER2 },
      { kind: 'object', object: QWEN2 },
    ],
    'Architecture',
    'Llama, Starcoder2 or Qwen2, tried in this order: keys that all know resolve to Llama.',
    { required: true },
  ),
  init_method: union(
    [
      { kind: 'object', object: RANDOM_INIT },
      { kind: 'object', object: MUP_INIT },
      { kind: 'object', object: EXISTING_INIT },
    ],
    'Initial weights',
    'Random, µP, or from a checkpoint.',
    { required: true },
  ),
  dtype: oneOf(DTYPES, 'Number format', 'Format of weights and activations; lower case only.', {
    nullable: true,
    default: null,
    defaultText: 'bfloat16',
  }),
  make_vocab_size_divisible_by: int(
    'Vocabulary multiple',
    'The vocabulary is padded up to a multiple of this times tp.',
    {
      default: 1,
      minimum: 1,
    },
  ),
  ddp_bucket_cap_mb: int('DDP bucket', 'Gradients are sent in buckets of this size.', {
    default: 25,
    unit: 'MB',
    minimum: 1,
  }),
});
