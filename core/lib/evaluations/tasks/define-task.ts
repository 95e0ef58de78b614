// Fields of a task file as a task: the declarative part of lm-eval's format. Whatever is not supported is named with its line. Pure.
import { objectOf } from '../json-values.ts';
import { defaultScoring, scoringOf, type Scoring } from './define-scoring.ts';
import { PythonFunction, type TaskField, type TaskFields, type TaskProblem } from './task-fields.ts';
import type { OutputType } from './task.ts';
import { TemplateFault } from './task.ts';
import { type TaskTemplate, taskTemplate } from './template.ts';

/** A column, a template, or a value that is the same for every row. */
export type TaskText =
  | { readonly kind: 'template'; readonly template: TaskTemplate; readonly source: string }
  | { readonly kind: 'fixed'; readonly value: unknown };

export interface DataOfTask {
  /** `json`, `parquet`, or the name of a data set on the hub. */
  readonly path: string;
  readonly name: string | null;
  /** Files of each split, where the task names them. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly testSplit: string | null;
  readonly exampleSplit: string | null;
}

export interface TaskDefinition {
  readonly kind: 'task';
  readonly name: string;
  readonly title: string | null;
  readonly tags: readonly string[];
  readonly version: number | string;
  readonly outputType: OutputType;
  readonly data: DataOfTask;
  readonly question: TaskText;
  readonly target: TaskText;
  readonly choices: TaskText | null;
  readonly description: TaskTemplate | null;
  readonly targetDelimiter: string;
  readonly exampleDelimiter: string;
  readonly shots: number;
  readonly noShots: string | null;
  readonly scoring: Scoring;
  readonly until: readonly string[];
  readonly maxTokens: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface GroupDefinition {
  readonly kind: 'group';
  readonly name: string;
  readonly title: string | null;
  readonly version: number | string;
  readonly tasks: readonly string[];
  readonly metrics: readonly { readonly metric: string; readonly weightBySize: boolean }[];
}

export interface DefinedTask {
  readonly definition: TaskDefinition | GroupDefinition | null;
  readonly problems: readonly TaskProblem[];
}

/** What the harness has and this studio cannot do, and why. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  process_docs: 'is Python; write the rows as they should be asked',
  process_results: 'is Python; only metric_list is read',
  doc_to_image: 'needs a model that sees',
  doc_to_audio: 'needs a model that hears',
  use_prompt: 'needs promptsource',
  custom_dataset: 'is Python; name files with data_files',
  gen_prefix: 'is not supported: write it at the end of doc_to_text',
};
/** Change no number that is measured here. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'task_alias',
  'should_decontaminate',
  'doc_to_decontamination_query',
  'unsafe_code',
  'dataset_kwargs',
  'metadata',
  'tag',
]);
const KNOWN: ReadonlySet<string> = new Set([
  'task',
  'group',
  'tag',
  'dataset_path',
  'dataset_name',
  'dataset_kwargs',
  'training_split',
  'validation_split',
  'test_split',
  'fewshot_split',
  'fewshot_config',
  'num_fewshot',
  'doc_to_text',
  'doc_to_target',
  'doc_to_choice',
  'description',
  'target_delimiter',
  'fewshot_delimiter',
  'output_type',
  'generation_kwargs',
  'filter_list',
  'metric_list',
  'repeats',
  'metadata',
  'group_alias',
  'aggregate_metric_list',
]);
const OUTPUT_TYPES: readonly OutputType[] = ['multiple_choice', 'loglikelihood', 'generate_until'];
/** What the harness writes to without being told. */
const DEFAULT_MAX_TOKENS = 256;

/** Collects problems of fields; every reader below asks it. */
export class FieldReader {
  readonly problems: TaskProblem[] = [];
  readonly fields: TaskFields;
  readonly path: string;

  constructor(fields: TaskFields, path: string) {
    this.fields = fields;
    this.path = path;
  }

  note(key: string, text: string, isFatal = true): null {
    const field = this.fields.get(key);
    this.problems.push({
      path: field?.path ?? this.path,
      line: field?.line ?? null,
      text: `${key} ${text}`,
      isFatal,
    });
    return null;
  }

  value(key: string): unknown {
    return this.fields.get(key)?.value ?? null;
  }

  text(key: string, otherwise: string): string {
    const value = this.value(key);
    if (value === null) return otherwise;
    if (typeof value === 'string') return value;
    this.note(key, 'has to be a text');
    return otherwise;
  }

  orNull(key: string): string | null {
    return this.value(key) === null ? null : this.text(key, '');
  }
}

export function defineTask(fields: TaskFields, path: string): DefinedTask {
  const reader = new FieldReader(fields, path);
  for (const [key, field] of fields) checkKey(reader, key, field);
  const definition =
    fields.has('group') && Array.isArray(fields.get('task')?.value) ? groupOf(reader) : taskOf(reader);
  const isFatal = reader.problems.some((problem) => problem.isFatal);
  return { definition: isFatal ? null : definition, problems: reader.problems };
}

function checkKey(reader: FieldReader, key: string, { value }: TaskField): void {
  const why = UNSUPPORTED[key];
  if (value === null || value === '') return;
  if (why !== undefined) reader.note(key, why);
  else if (holdsFunction(value))
    reader.note(key, 'is a Python function (!function), which cannot be run here');
  else if (!KNOWN.has(key) && !WITHOUT_EFFECT.has(key))
    reader.note(key, 'is not known, and was left out', false);
}

function holdsFunction(value: unknown): boolean {
  if (value instanceof PythonFunction) return true;
  if (Array.isArray(value)) return value.some(holdsFunction);
  const record = objectOf(value);
  return record !== null && Object.values(record).some(holdsFunction);
}

function versionOf(reader: FieldReader): number | string {
  const version = objectOf(reader.value('metadata'))?.['version'];
  return typeof version === 'number' || typeof version === 'string' ? version : 'Yaml';
}

function groupOf(reader: FieldReader): GroupDefinition | null {
  const name = reader.text('group', '');
  const listed = reader.value('task') as readonly unknown[];
  const tasks = listed.filter((one): one is string => typeof one === 'string');
  if (tasks.length < listed.length)
    reader.note('task', 'holds tasks that are written into the group: give each a file of its own');
  const asked = reader.value('aggregate_metric_list');
  const metrics = (Array.isArray(asked) ? (asked as readonly unknown[]) : []).flatMap((one) => {
    const entry = objectOf(one);
    if (typeof entry?.['metric'] !== 'string') return [];
    return [{ metric: entry['metric'], weightBySize: entry['weight_by_size'] !== false }];
  });
  return {
    kind: 'group',
    name,
    title: reader.orNull('group_alias'),
    version: versionOf(reader),
    tasks,
    metrics,
  };
}

function taskOf(reader: FieldReader): TaskDefinition | null {
  const name = reader.orNull('task');
  if (name === null || !/^[\w.+-][\w.+ -]*$/.test(name)) {
    return reader.note('task', 'has to be a name of letters, digits, dots and lines');
  }
  const outputType = OUTPUT_TYPES.find((one) => one === (reader.value('output_type') ?? 'generate_until'));
  if (outputType === undefined)
    return reader.note(
      'output_type',
      `has to be ${OUTPUT_TYPES.join(', ')}; ${String(reader.value('output_type'))} is not supported`,
    );
  const repeats = reader.value('repeats');
  if (repeats !== null && repeats !== 1) reader.note('repeats', 'other than 1 is not supported');
  const question = textOf(reader, 'doc_to_text');
  const target = textOf(reader, 'doc_to_target');
  const choices = reader.value('doc_to_choice') === null ? null : textOf(reader, 'doc_to_choice');
  const data = dataOf(reader);
  const scoring = scoringOf(reader, outputType) ?? defaultScoring(outputType);
  if (outputType === 'multiple_choice' && choices === null) reader.note('doc_to_choice', 'is missing');
  if (question === null || target === null || data === null) return null;
  const { until, maxTokens, settings } = generationOf(reader, outputType);
  const { shots, noShots } = shotsOf(reader);
  return {
    kind: 'task',
    name,
    title: reader.orNull('task_alias'),
    tags: tagsOf(reader),
    version: versionOf(reader),
    outputType,
    data,
    question,
    target,
    choices,
    description: templateOf(reader, 'description'),
    targetDelimiter: reader.text('target_delimiter', ' '),
    exampleDelimiter: reader.text('fewshot_delimiter', '\n\n'),
    shots,
    noShots,
    scoring,
    until,
    maxTokens,
    settings,
    fields: Object.fromEntries([...reader.fields].map(([key, { value }]) => [key, value])),
  };
}

function tagsOf(reader: FieldReader): readonly string[] {
  return ['tag', 'group'].flatMap((key) => {
    const value = reader.value(key);
    return (Array.isArray(value) ? (value as readonly unknown[]) : [value]).filter(
      (one): one is string => typeof one === 'string',
    );
  });
}

function templateOf(reader: FieldReader, key: string): TaskTemplate | null {
  const source = reader.orNull(key);
  if (source === null || source === '') return null;
  try {
    return taskTemplate(source);
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error;
    return reader.note(key, `is no template: ${error.message}`);
  }
}

function textOf(reader: FieldReader, key: string): TaskText | null {
  const value = reader.value(key);
  if (value === null) return reader.note(key, 'is missing');
  if (holdsFunction(value)) return null;
  if (typeof value !== 'string') {
    const record = objectOf(value);
    return { kind: 'fixed', value: record === null ? value : Object.values(record) };
  }
  const template = value === '' ? taskTemplate('') : templateOf(reader, key);
  return template === null ? null : { kind: 'template', template, source: value };
}

function dataOf(reader: FieldReader): DataOfTask | null {
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

function shotsOf(reader: FieldReader): { readonly shots: number; readonly noShots: string | null } {
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
    : `The sampler of its examples is ${String(sampler)}, which draws at random: only first_n can be repeated here`;
  if (!isFirst && shots > 0)
    reader.note(
      reader.fields.has('fewshot_config') ? 'fewshot_config' : 'num_fewshot',
      `wants ${shots} examples drawn by the sampler ${String(sampler)}: only first_n is supported`,
    );
  return { shots, noShots };
}

function generationOf(reader: FieldReader, outputType: OutputType) {
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
