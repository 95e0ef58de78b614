// The card of a model folder that is ready to be published: what can be known from its files, what a person said, and what is
// still to be added.
import type { CardFields } from '../../api/conversion.ts';
import { formatInteger } from '../format/numbers.ts';
import { escapeMarkdown } from '../reports/escape.ts';
import type { ModelConfig } from './model-config.ts';
import type { FloatType } from './tensor-rows.ts';

/** What the files of a training say about it; each may be unknown. */
export interface TrainingFacts {
  readonly step: number | null;
  readonly tokens: number | null;
  readonly sequenceLength: number | null;
  readonly stages: readonly string[];
}

export interface CardFacts {
  readonly name: string;
  readonly config: ModelConfig;
  readonly parameters: number;
  readonly type: FloatType;
  /** Null where the weights were not read. */
  readonly sourceSha256: string | null;
  readonly chat: boolean;
  readonly training: TrainingFacts | null;
  readonly fields: CardFields | null;
}

/** Markdown with the hub's front matter. */
export function modelCard(facts: CardFacts): string {
  const { name, fields, training } = facts;
  return [
    ...frontMatter(facts),
    '',
    `# ${name}`,
    '',
    fields?.summary ?? '<!-- Say in two sentences what the model is for and what it was trained on. -->',
    '',
    ...table(architectureRows(facts)),
    '',
    ...(training === null ? [] : ['## Training', '', ...table(trainingRows(training)), '']),
    '## Data',
    '',
    ...(fields !== null && fields.datasets.length > 0
      ? fields.datasets.map((dataset) => `- ${dataset}`)
      : ['<!-- Name the datasets, their shares, how they were filtered, and their licences. -->']),
    '',
    '## Evaluation',
    '',
    ...evaluationLines(fields),
    '',
    '## Limits',
    '',
    '<!-- What it does badly, and what it must not be used for. -->',
    '',
  ].join('\n');
}

function evaluationLines(fields: CardFields | null): readonly string[] {
  const { metrics = [], results = [] } = fields ?? {};
  if (metrics.length === 0 && results.length === 0)
    return ['<!-- Name tasks, shots and versions, with standard errors. -->'];
  return [
    ...(metrics.length === 0 ? [] : table(metrics.map(({ name: task, value }) => [task, value]))),
    ...(metrics.length === 0 || results.length === 0 ? [] : ['']),
    ...(results.length === 0
      ? []
      : [
          '| Task | Examples | Metric | Value | Questions | Harness |',
          '|---|---:|---|---:|---:|---|',
          ...results.map(
            ({ task, shots, metric, value, standardError, questions, harness }) =>
              `| ${[
                task,
                shots === null ? '' : String(shots),
                metric,
                standardError === null
                  ? value.toFixed(4)
                  : `${value.toFixed(4)} ± ${standardError.toFixed(4)}`,
                questions === null ? '' : formatInteger(questions),
                harness,
              ]
                .map(escapeMarkdown)
                .join(' | ')} |`,
          ),
        ]),
  ];
}

/** As the hub reads results: it lists them beside the model. */
function modelIndex(name: string, results: CardFields['results']): readonly string[] {
  if (results.length === 0) return [];
  return [
    'model-index:',
    `- name: ${quoted(name)}`,
    '  results:',
    ...results.flatMap(({ task, shots, metric, value, standardError, harness }) => [
      '  - task:',
      '      type: text-generation',
      '    dataset:',
      `      name: ${quoted(task)}`,
      `      type: ${quoted(task)}`,
      '    metrics:',
      `    - type: ${quoted(metric)}`,
      `      value: ${value}`,
      `      name: ${quoted(
        [
          metric,
          ...(shots === null ? [] : [`${shots} examples`]),
          ...(standardError === null ? [] : [`standard error ${standardError.toFixed(4)}`]),
          harness,
        ].join(', '),
      )}`,
    ]),
  ];
}

function frontMatter({ name, chat, fields }: CardFacts): readonly string[] {
  const list = (key: string, values: readonly string[]) =>
    values.length === 0 ? [] : [`${key}:`, ...values.map((value) => `- ${quoted(value)}`)];
  return [
    '---',
    ...list('language', fields?.languages ?? []),
    ...(fields?.license == null ? [] : [`license: ${quoted(fields.license)}`]),
    'library_name: transformers',
    'pipeline_tag: text-generation',
    ...list('base_model', fields?.baseModels ?? []),
    ...list(
      'datasets',
      (fields?.datasets ?? []).filter((dataset) => /^[\w.-]+\/[\w.-]+$/.test(dataset)),
    ),
    ...(chat ? ['tags:', '- conversational'] : []),
    ...modelIndex(name, fields?.results ?? []),
    '---',
  ];
}

/** YAML takes plain words as they are; `no`, a Norwegian or an answer, is not one of them. */
function quoted(value: string): string {
  const isPlain = /^[A-Za-z][\w./-]*$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(value);
  return isPlain ? value : JSON.stringify(value);
}

type Rows = readonly (readonly [string, string])[];

function table(rows: Rows): readonly string[] {
  return ['| | |', '|---|---|', ...rows.map(([key, value]) => `| ${cell(key)} | ${cell(value)} |`)];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function architectureRows({ config, parameters, type, sourceSha256 }: CardFacts): Rows {
  return [
    ['Architecture', config.architecture === 'llama' ? 'Llama' : 'Qwen2'],
    ['Parameters', formatInteger(parameters)],
    ['Layers', formatInteger(config.layers)],
    ['Hidden size', formatInteger(config.hiddenSize)],
    ['Attention heads', `${config.heads}, ${config.keyValueHeads} of keys and values`],
    ['Vocabulary', formatInteger(config.vocabularySize)],
    ['Context', `${formatInteger(config.contextLength)} tokens`],
    ['Output matrix', config.tied ? 'the embedding' : 'its own'],
    ['Numbers', type],
    ...(sourceSha256 === null ? [] : [['SHA-256 of the weights', `\`${sourceSha256}\``] as const]),
  ];
}

function trainingRows({ step, tokens, sequenceLength, stages }: TrainingFacts): Rows {
  return [
    ...(step === null ? [] : [['Steps', formatInteger(step)] as const]),
    ...(tokens === null ? [] : [['Tokens seen', formatInteger(tokens)] as const]),
    ...(sequenceLength === null
      ? []
      : [['Sequence length', `${formatInteger(sequenceLength)} tokens`] as const]),
    ...(stages.length === 0 ? [] : [['Stages', stages.join(', ')] as const]),
  ];
}
