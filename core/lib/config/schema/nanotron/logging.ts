// Nanotron `logging` and `metrics_logging`. Source: Nanotron main, April 2026.
import { int, objectSchema, oneOf } from '../fields.ts';

const LEVELS = ['debug', 'info', 'warning', 'error', 'critical', 'passive'] as const;

export const LOGGING = objectSchema('logging', 'What the training prints.', {
  log_level: oneOf(LEVELS, 'Log level', 'Level of the main rank.', {
    nullable: true,
    default: null,
    defaultText: 'info',
  }),
  log_level_replica: oneOf(LEVELS, 'Log level of the others', 'Level of all other ranks.', {
    nullable: true,
    default: null,
    defaultText: 'info',
  }),
  iteration_step_info_interval: int(
    'Print every',
    'A training line is printed every so many steps; timings are per step, not averaged.',
    {
      nullable: true,
      default: 1,
      unit: 'steps',
      minimum: 1,
    },
  ),
});

export const METRICS_LOGGING = objectSchema(
  'metrics_logging',
  'Weight and gradient statistics, sent to Weights & Biases only.',
  {
    log_level: int('Detail', '0 sends the usual figures, 1 adds statistics of weights and gradients.', {
      default: 0,
      minimum: 0,
      maximum: 1,
    }),
    log_detail_interval: int('Every', 'Statistics are computed every so many steps.', {
      default: 10,
      unit: 'steps',
      minimum: 1,
    }),
  },
);
