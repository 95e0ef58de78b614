// The whole Nanotron pre-training config: strict at every level, as its own loader (dacite) is. Exports: NANOTRON.
import { list, objectSchema, section } from '../fields.ts';
import type { ConfigSchema } from '../types.ts';
import { DATA_STAGE, TOKENIZER } from './data-stages.ts';
import { CHECKPOINTS, GENERAL } from './general.ts';
import { LOGGING, METRICS_LOGGING } from './logging.ts';
import { MODEL } from './model.ts';
import { OPTIMIZER } from './optimizer.ts';
import { PARALLELISM } from './parallelism.ts';
import { LIGHTEVAL, PROFILER, S3_UPLOAD } from './services.ts';
import { TOKENS } from './tokens.ts';

const OPTIONAL = { nullable: true, default: null };

export const NANOTRON: ConfigSchema = {
  title: 'Nanotron pre-training',
  source: 'Nanotron main, commit 2411b022 of April 2026',
  textNumbers: 'error',
  root: objectSchema('Nanotron config', 'A pre-training run of Nanotron.', {
    general: section(GENERAL, 'General', { required: true }),
    tokens: section(TOKENS, 'Batch and length', OPTIONAL),
    optimizer: section(OPTIMIZER, 'Optimizer', OPTIONAL),
    parallelism: section(PARALLELISM, 'Parallelism', { required: true }),
    model: section(MODEL, 'Model', { required: true }),
    tokenizer: section(TOKENIZER, 'Tokenizer', OPTIONAL),
    data_stages: list(
      { kind: 'object', object: DATA_STAGE },
      'Data stages',
      'The phases of the data, sorted by their first step.',
      OPTIONAL,
    ),
    checkpoints: section(CHECKPOINTS, 'Checkpoints', OPTIONAL),
    logging: section(LOGGING, 'Logging', OPTIONAL),
    metrics_logging: section(METRICS_LOGGING, 'Metrics', { ...OPTIONAL, advanced: true }),
    profiler: section(PROFILER, 'Profiler', { ...OPTIONAL, advanced: true }),
    s3_upload: section(S3_UPLOAD, 'Upload to S3', { ...OPTIONAL, advanced: true }),
    lighteval: section(LIGHTEVAL, 'lighteval', { ...OPTIONAL, advanced: true }),
  }),
};
