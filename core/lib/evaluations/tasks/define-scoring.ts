// filter_list and metric_list of a task file: what is cut out of answers, and what is counted. Pure.
import { objectOf } from '../reading/json-values.ts';
import {
  type AnswerFilter,
  FILTER_FUNCTIONS,
  type FilterStep,
  filterStep,
  isFilterFunction,
} from './answer-filters.ts';
import { meanMetric } from './choice-task.ts';
import { asText, type FieldReader } from './field-reader.ts';
import { EXACTLY, exactMatch } from './exact-match.ts';
import { type OutputType, type TaskMetric, TemplateFault } from './task.ts';

export interface Scoring {
  readonly metrics: readonly TaskMetric[];
  readonly filters: readonly AnswerFilter[];
  /** For generated answers. */
  readonly isMatch: (answer: string, target: string) => boolean;
}

const METRICS: Readonly<Record<OutputType, readonly string[]>> = {
  multiple_choice: ['acc', 'acc_norm', 'acc_bytes', 'exact_match'],
  loglikelihood: ['acc', 'perplexity'],
  generate_until: ['exact_match'],
};
const DEFAULTS: Readonly<Record<OutputType, readonly string[]>> = {
  multiple_choice: ['acc', 'acc_norm'],
  loglikelihood: ['perplexity', 'acc'],
  generate_until: ['exact_match'],
};

const metricOf = (name: string): TaskMetric =>
  name === 'perplexity' ? { name, higherIsBetter: false, aggregation: 'perplexity' } : meanMetric(name);

export function defaultScoring(outputType: OutputType): Scoring {
  return { metrics: DEFAULTS[outputType].map(metricOf), filters: [PLAIN], isMatch: exactMatch(EXACTLY) };
}

const PLAIN: AnswerFilter = { name: 'none', apply: (text) => text };

/** Null with the problems noted. */
export function scoringOf(reader: FieldReader, outputType: OutputType): Scoring | null {
  const otherwise = defaultScoring(outputType);
  const listed = reader.value('metric_list');
  let { metrics, isMatch } = otherwise;
  if (listed !== null) {
    if (!Array.isArray(listed) || listed.length === 0)
      return reader.note('metric_list', 'has to be a list of metrics');
    const found = (listed as readonly unknown[]).map((one) => metricEntry(reader, outputType, one));
    metrics = found.flatMap((one) => one?.metric ?? []);
    isMatch = found.find((one) => one?.isMatch !== undefined)?.isMatch ?? isMatch;
  }
  return { metrics, isMatch, filters: filtersOf(reader, outputType) };
}

interface MetricEntry {
  readonly metric: TaskMetric;
  readonly isMatch?: Scoring['isMatch'];
}

function metricEntry(reader: FieldReader, outputType: OutputType, value: unknown): MetricEntry | null {
  const entry = objectOf(value);
  const name = entry?.['metric'];
  if (entry === null || typeof name !== 'string')
    return reader.note('metric_list', 'has an entry without a metric');
  if (!METRICS[outputType].includes(name)) {
    return reader.note(
      'metric_list',
      `has ${name}: for ${outputType} there are ${METRICS[outputType].join(', ')}`,
    );
  }
  const { metric: _, aggregation, higher_is_better: higher, hf_evaluate: evaluate, ...options } = entry;
  const metric = metricOf(name);
  if (aggregation !== undefined && aggregation !== metric.aggregation)
    reader.note(
      'metric_list',
      `has the aggregation ${asText(aggregation)} for ${name}: only ${metric.aggregation} is supported`,
    );
  if (evaluate === true) reader.note('metric_list', 'has hf_evaluate, which needs a Python package');
  const asked = { ...metric, higherIsBetter: typeof higher === 'boolean' ? higher : metric.higherIsBetter };
  if (name !== 'exact_match' || outputType !== 'generate_until') {
    for (const key of Object.keys(options))
      reader.note('metric_list', `has ${key} for ${name}, which is not supported`);
    return { metric: asked };
  }
  return { metric: asked, isMatch: matchOf(reader, options) };
}

function matchOf(reader: FieldReader, options: Readonly<Record<string, unknown>>): Scoring['isMatch'] {
  const flag = (key: string) => options[key] === true;
  const regexes = options['regexes_to_ignore'];
  for (const key of Object.keys(options)) {
    if (!['ignore_case', 'ignore_punctuation', 'ignore_numbers', 'regexes_to_ignore'].includes(key))
      reader.note('metric_list', `has ${key} for exact_match, which is not supported`);
  }
  try {
    return exactMatch({
      ignoreCase: flag('ignore_case'),
      ignorePunctuation: flag('ignore_punctuation'),
      ignoreNumbers: flag('ignore_numbers'),
      regexesToIgnore: (Array.isArray(regexes) ? (regexes as readonly unknown[]) : []).map(String),
    });
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error;
    reader.note('metric_list', error.message);
    return exactMatch(EXACTLY);
  }
}

function filtersOf(reader: FieldReader, outputType: OutputType): readonly AnswerFilter[] {
  const listed = reader.value('filter_list');
  if (listed === null) return [PLAIN];
  if (outputType !== 'generate_until') {
    reader.note('filter_list', 'is for generated answers');
    return [PLAIN];
  }
  const entries: readonly unknown[] = Array.isArray(listed) ? listed : [];
  const filters = entries.flatMap((one): AnswerFilter[] => {
    const entry = objectOf(one);
    const name = entry?.['name'];
    const functions = entry?.['filter'];
    if (typeof name !== 'string' || !/^[\w. -]+$/.test(name) || !Array.isArray(functions)) {
      reader.note('filter_list', 'has an entry without name and filter');
      return [];
    }
    const steps = (functions as readonly unknown[]).map((step) => stepOf(reader, step));
    return [{ name, apply: (text) => steps.reduce((rest, step) => step(rest), text) }];
  });
  if (filters.length === 0) reader.note('filter_list', 'has no filter');
  return filters;
}

function stepOf(reader: FieldReader, value: unknown): FilterStep {
  const step = objectOf(value);
  const name = step?.['function'];
  if (!isFilterFunction(name)) {
    reader.note('filter_list', `has the function ${asText(name)}: there are ${FILTER_FUNCTIONS.join(', ')}`);
    return (text) => text;
  }
  const { regex_pattern: pattern, group_select: group, fallback } = step ?? {};
  try {
    return filterStep(name, {
      pattern: typeof pattern === 'string' ? pattern : null,
      group: typeof group === 'number' ? group : 0,
      fallback: typeof fallback === 'string' ? fallback : null,
    });
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error;
    reader.note('filter_list', error.message);
    return (text) => text;
  }
}
