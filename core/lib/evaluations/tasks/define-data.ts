// Where a task file's rows are, which of them are examples, and how answers are written. Pure.
import { objectOf } from '../reading/json-values.ts';
import type { FieldReader } from './field-reader.ts';
import { asText } from './field-reader.ts';
import type { OutputType } from './task.ts';

export interface DataOfTask {
  /** `json`, `parquet`, or the name of a data set on the hub. */
  readonly path: string;
  readonly name: string | null;
  /** Files of each split, where the task names them. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly testSplit: string | null;
  readonly exampleSplit: string | null;
}

/** Of loading, not of the rows. */
const HARMLESS: ReadonlySet<string> = new Set([
  'trust_remote_code',
  'download_mode',
  'num_proc',
  'verification_mode',
  'cache_dir',
]);

/** What the harness writes to without being told. */
const DEFAULT_MAX_TOKENS = 256;

export function dataOf(reader: FieldReader): DataOfTask | null {
  const path = reader.orNull('dataset_path');
  if (path === null)
    return reader.note(
      'dataset_path',
      'is missing: json or parquet with data_files, or a data set of the hub',
    );
  const given = objectOf(reader.value('dataset_kwargs'))?.['data_files'];
  const files: Record<string, readonly string[]> = {};
  const paths = (value: unknown): readonly string[] =>
    (Array.isArray(value) ? (value as readonly unknown[]) : [value]).filter(
      (one): one is string => typeof one === 'string',
    );
  for (const key of Object.keys(objectOf(reader.value('dataset_kwargs')) ?? {}))
    if (key !== 'data_files' && !HARMLESS.has(key))
      reader.note('dataset_kwargs', `with ${key} is not supported: name files with data_files`);
  const record = objectOf(given);
  if (record !== null) for (const [split, value] of Object.entries(record)) files[split] = paths(value);
  else if (given !== undefined && given !== null) files['train'] = paths(given);
  const training = reader.orNull('training_split');
  const testSplit = reader.orNull('test_split') ?? reader.orNull('validation_split');
  if (testSplit === null)
    return reader.note('test_split', 'is missing: it or validation_split says which rows are asked');
  const own = objectOf(reader.value('fewshot_config'))?.['split'];
  return {
    path,
    name: reader.orNull('dataset_name'),
    files,
    testSplit,
    exampleSplit:
      (typeof own === 'string' ? own : null) ??
      reader.orNull('fewshot_split') ??
      training ??
      reader.orNull('validation_split') ??
      testSplit,
  };
}

export function shotsOf(reader: FieldReader): { readonly shots: number; readonly noShots: string | null } {
  const asked = reader.value('num_fewshot') ?? 0;
  const shots = typeof asked === 'number' && Number.isInteger(asked) && asked >= 0 ? asked : 0;
  if (shots !== asked) reader.note('num_fewshot', 'has to be a whole number');
  const config = objectOf(reader.value('fewshot_config'));
  const sampler = config?.['sampler'] ?? 'default';
  const isFirst = sampler === 'first_n';
  if (config?.['samples'] !== undefined)
    reader.note('fewshot_config', 'with samples is not supported: put them into a file of their own');
  for (const key of Object.keys(config ?? {}))
    if (!['sampler', 'split', 'samples'].includes(key))
      reader.note('fewshot_config', `with ${key} is not supported`);
  const noShots = isFirst
    ? null
    : `The sampler of its examples is ${asText(sampler)}, which draws at random: only first_n can be repeated here`;
  if (!isFirst && shots > 0)
    reader.note(
      reader.fields.has('fewshot_config') ? 'fewshot_config' : 'num_fewshot',
      `wants ${shots} examples drawn by the sampler ${asText(sampler)}: only first_n is supported`,
    );
  return { shots, noShots };
}

export function generationOf(reader: FieldReader, outputType: OutputType) {
  const given = objectOf(reader.value('generation_kwargs'));
  const delimiter = reader.text('fewshot_delimiter', '\n\n');
  const settings: Record<string, unknown> = given === null ? { do_sample: false } : { ...given };
  settings['until'] ??= [delimiter];
  if (outputType !== 'generate_until') return { until: [], maxTokens: 0, settings: {} };
  const { until, do_sample: sample, temperature, ...others } = settings;
  if (sample === true)
    reader.note(
      'generation_kwargs',
      'with do_sample: true is not supported: answers would differ every time',
    );
  if (typeof temperature === 'number' && temperature > 0 && sample !== false)
    reader.note('generation_kwargs', 'with a temperature is not supported: answers would differ every time');
  let maxTokens = DEFAULT_MAX_TOKENS;
  for (const [key, value] of Object.entries(others)) {
    if (
      ['max_gen_toks', 'max_new_tokens', 'max_tokens', 'max_completion_tokens'].includes(key) &&
      typeof value === 'number'
    )
      maxTokens = value;
    else reader.note('generation_kwargs', `with ${key} is not supported`);
  }
  const stops = (Array.isArray(until) ? (until as readonly unknown[]) : [until])
    .map(String)
    .filter((one) => one !== '');
  return { until: stops, maxTokens, settings };
}
