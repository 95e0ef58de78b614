// Nanotron `optimizer` with its factory and learning-rate schedule. Source: Nanotron main, April 2026.
import { bool, float, int, list, objectSchema, oneOf, section, STRING, union } from '../fields.ts';

const ADAMW = objectSchema('AdamW optimizer', 'Adam with decoupled weight decay.', {
  name: oneOf(['adamW'], 'Optimizer', 'Chooses AdamW.', { default: 'adamW' }),
  adam_eps: float('Epsilon', 'Added to the denominator of the update.', {
    required: true,
    exclusiveMinimum: 0,
  }),
  adam_beta1: float('Beta 1', 'Decay of the running mean of gradients.', {
    required: true,
    minimum: 0,
    maximum: 1,
  }),
  adam_beta2: float('Beta 2', 'Decay of the running mean of squared gradients.', {
    required: true,
    minimum: 0,
    maximum: 1,
  }),
  torch_adam_is_fused: bool('Fused kernel', 'Use the fused CUDA implementation of the update.', {
    required: true,
  }),
});

const SGD = objectSchema('SGD optimizer', 'Plain stochastic gradient descent.', {
  name: oneOf(['sgd'], 'Optimizer', 'Chooses SGD.', { default: 'sgd' }),
});

const SCHEDULE = objectSchema(
  'learning_rate_scheduler',
  'Learning rate over the run: warmup, plateau, decay.',
  {
    learning_rate: float('Peak rate', 'Learning rate after warmup.', { required: true, exclusiveMinimum: 0 }),
    lr_warmup_steps: int('Warmup', 'Steps over which the rate rises from 0 to the peak.', {
      default: 0,
      unit: 'steps',
      minimum: 0,
    }),
    lr_warmup_style: oneOf(
      ['linear', 'constant'],
      'Warmup style',
      'Shape of the warmup. Must be given: it is checked before its default is filled in.',
      {
        defaultText: 'none: it must be written',
      },
    ),
    lr_decay_style: oneOf(['linear', 'cosine', '1-sqrt'], 'Decay style', 'Shape of the decay.', {
      nullable: true,
      default: null,
      defaultText: 'linear',
    }),
    lr_decay_steps: int('Decay steps', 'Steps from the start of the decay to its end.', {
      nullable: true,
      default: null,
      defaultText: 'train_steps − lr_warmup_steps',
      unit: 'steps',
      minimum: 0,
    }),
    lr_decay_starting_step: int('Decay starts at', 'Step at which the rate begins to fall.', {
      nullable: true,
      default: null,
      defaultText: 'lr_warmup_steps',
      unit: 'steps',
      minimum: 0,
    }),
    min_decay_lr: float('Final rate', 'Learning rate at the end of the decay and after it.', {
      nullable: true,
      default: null,
      defaultText: 'learning_rate, so no decay',
      minimum: 0,
    }),
  },
);

export const OPTIMIZER = objectSchema('optimizer', 'The update rule and its schedule.', {
  optimizer_factory: union(
    [
      { kind: 'object', object: ADAMW },
      { kind: 'object', object: SGD },
    ],
    'Optimizer',
    'AdamW or SGD with their own settings.',
    { required: true },
  ),
  zero_stage: int(
    'ZeRO stage',
    '1 spreads the optimizer state over the data-parallel ranks, 0 does not; any value above acts as 1.',
    {
      required: true,
      minimum: 0,
    },
  ),
  weight_decay: float('Weight decay', 'Strength of the pull of weights towards zero.', {
    required: true,
    minimum: 0,
  }),
  clip_grad: float(
    'Gradient clipping',
    'Largest gradient norm; null means no clipping and no grad_norm in the log.',
    {
      nullable: true,
      default: null,
      exclusiveMinimum: 0,
    },
  ),
  accumulate_grad_in_fp32: bool('Accumulate in fp32', 'Keep the sum of gradients in 32 bits.', {
    required: true,
  }),
  learning_rate_scheduler: section(SCHEDULE, 'Learning rate', { required: true }),
  weight_decay_exclude_named_params: list(
    STRING,
    'No weight decay for',
    'Regular expressions of parameter names that are not decayed.',
    {
      nullable: true,
      default: null,
      defaultText: 'none',
      advanced: true,
    },
  ),
});
