// Fields of a task file as a task: the declarative part of lm-eval's format. Whatever is not supported is named with its line. Pure.
import { objectOf } from '../reading/json-values.ts';
import { defaultScoring, scoringOf, type Scoring } from './define-scoring.ts';
import { type DataOfTask, dataOf, generationOf, shotsOf } from './define-data.ts';
import { asText, FieldReader, holdsFunction } from './field-reader.ts';
import type { TaskField, TaskFields, TaskProblem } from './task-fields.ts';
import type { OutputType } from './task.ts';
import { TemplateFault } from './task.ts';
import { type TaskTemplate, taskTemplate } from './template.ts';

/** A column, a template, or a value that is the same for every row. */
export type TaskText =
  | { readonly kind: 'template'; readonly template: TaskTemplate; readonly source: string }
  | { readonly kind: 'fixed'; readonly value: unknown };

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
    if (typeof entry?.['metric'] !== 'string') {
      reader.note('aggregate_metric_list', 'has an entry without a metric');
      return [];
    }
    const { aggregation = 'mean', filter_list: filters = 'none' } = entry;
    if (aggregation !== 'mean')
      reader.note(
        'aggregate_metric_list',
        `has the aggregation ${asText(aggregation)}: only mean is supported`,
      );
    const unfiltered = (Array.isArray(filters) ? (filters as readonly unknown[]) : [filters]).every(
      (filter) => filter === 'none',
    );
    if (!unfiltered) reader.note('aggregate_metric_list', 'has a filter_list, which is not supported');
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
      `has to be ${OUTPUT_TYPES.join(', ')}; ${asText(reader.value('output_type'))} is not supported`,
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
