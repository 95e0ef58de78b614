// Nanotron `parallelism`: how the model and the batch are spread over GPUs. Source: Nanotron main, April 2026.
import { bool, int, objectSchema, oneOf } from '../fields.ts';

export const PARALLELISM = objectSchema(
  'parallelism',
  'How the GPUs share the work; dp · tp · pp · context_parallel_size must equal their number.',
  {
    dp: int('Data parallel', 'Copies of the model that train on different samples.', {
      required: true,
      unit: 'replicas',
      minimum: 1,
    }),
    pp: int('Pipeline parallel', 'Groups of layers that sit on different GPUs.', {
      required: true,
      unit: 'stages',
      minimum: 1,
    }),
    tp: int(
      'Tensor parallel',
      'GPUs that share every matrix; must divide the attention heads and the key-value heads.',
      {
        required: true,
        unit: 'GPUs',
        minimum: 1,
      },
    ),
    pp_engine: oneOf(
      ['afab', '1f1b'],
      'Pipeline engine',
      'Order of forward and backward passes; lower case only.',
      {
        nullable: true,
        default: null,
        defaultText: 'afab',
      },
    ),
    tp_mode: oneOf(
      ['ALL_REDUCE', 'REDUCE_SCATTER'],
      'Tensor mode',
      'REDUCE_SCATTER also splits activations along the sequence.',
      {
        nullable: true,
        default: null,
        defaultText: 'ALL_REDUCE',
        ignoreCase: true,
      },
    ),
    tp_linear_async_communication: bool(
      'Async communication',
      'Overlap tensor-parallel communication with computing; needs REDUCE_SCATTER.',
      {
        nullable: true,
        default: null,
        defaultText: 'false',
      },
    ),
    recompute_layer: bool(
      'Recompute layers',
      'Compute activations again in the backward pass to save memory.',
      { default: false },
    ),
    tp_recompute_allgather: bool(
      'Recompute all-gather',
      'Gather activations again in the backward pass instead of keeping them.',
      {
        default: true,
        advanced: true,
      },
    ),
    expert_parallel_size: int('Expert parallel', 'GPUs over which the experts of a mixture are spread.', {
      default: 1,
      unit: 'GPUs',
      minimum: 1,
    }),
    context_parallel_size: int(
      'Context parallel',
      'GPUs that share one long sequence; needs ring attention.',
      {
        default: 1,
        unit: 'GPUs',
        minimum: 1,
      },
    ),
  },
);
