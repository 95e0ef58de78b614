// Means and standard errors of a task and of a group of tasks, as lm-eval forms them. Pure.
import { meanOfScores, type MeanOfScores } from './choice-scores.ts';
import type { LocalTask, ScoreValue, TaskMetric, TaskVerdict } from './task.ts';

/** `acc,none` or `exact_match,strict-match`. */
export type ScoreKey = `${string},${string}`;

export interface TaskScores {
  readonly means: Readonly<Record<ScoreKey, MeanOfScores>>;
  readonly questions: number;
}

/** Collects verdicts as they come; the means are of those so far. */
export class ScoreCollector {
  private readonly values = new Map<ScoreKey, number[]>();
  private readonly task: Pick<LocalTask, 'metrics' | 'filters'>;
  questions = 0;

  constructor(task: Pick<LocalTask, 'metrics' | 'filters'>) {
    this.task = task;
  }

  add(verdicts: readonly TaskVerdict[]): void {
    this.questions += 1;
    for (const { filter, values } of verdicts) {
      for (const [metric, value] of Object.entries(values)) {
        const key: ScoreKey = `${metric},${filter}`;
        const list = this.values.get(key) ?? [];
        list.push(...numbersOf(value));
        this.values.set(key, list);
      }
    }
  }

  scores(): TaskScores {
    const means: Record<ScoreKey, MeanOfScores> = {};
    for (const filter of this.task.filters) {
      for (const metric of this.task.metrics) {
        const key: ScoreKey = `${metric.name},${filter}`;
        const values = this.values.get(key);
        if (values !== undefined && values.length > 0) means[key] = aggregate(metric, values);
      }
    }
    return { means, questions: this.questions };
  }
}

const numbersOf = (value: ScoreValue): readonly number[] =>
  typeof value === 'object' ? value.map(Number) : [Number(value)];

function aggregate({ aggregation }: TaskMetric, values: readonly number[]): MeanOfScores {
  const { value, standardError } = meanOfScores(values);
  switch (aggregation) {
    case 'mean':
      return { value, standardError };
    case 'each':
      // Instructions of one prompt are not independent of each other: the harness gives no error either.
      return { value, standardError: null };
    case 'perplexity': {
      const perplexity = Math.exp(-value);
      return { value: perplexity, standardError: standardError === null ? null : perplexity * standardError };
    }
  }
}

export interface GroupMetric {
  readonly metric: string;
  readonly weightBySize: boolean;
}

/** The means of a group's tasks: by size with the pooled error, or each task alike. Null where a task lacks the metric. */
export function groupScores(parts: readonly TaskScores[], metrics: readonly GroupMetric[]): TaskScores {
  const means: Record<ScoreKey, MeanOfScores> = {};
  for (const { metric, weightBySize } of metrics) {
    const key: ScoreKey = `${metric},none`;
    const own = parts.flatMap(({ means: of, questions }) => {
      const mean = of[key];
      return mean === undefined ? [] : [{ ...mean, size: questions }];
    });
    if (own.length === 0 || own.length < parts.length) continue;
    const total = own.reduce((sum, { size }) => sum + size, 0);
    const value = weightBySize
      ? own.reduce((sum, part) => sum + part.value * part.size, 0) / total
      : own.reduce((sum, part) => sum + part.value, 0) / own.length;
    means[key] = { value, standardError: weightBySize ? pooledError(own, total) : plainError(own) };
  }
  return { means, questions: parts.reduce((sum, { questions }) => sum + questions, 0) };
}

type Part = MeanOfScores & { readonly size: number };

function pooledError(parts: readonly Part[], total: number): number | null {
  if (total <= parts.length || parts.some(({ standardError }) => standardError === null)) return null;
  const sum = parts.reduce(
    (all, { size, standardError }) => all + (size - 1) * size * (standardError ?? 0) ** 2,
    0,
  );
  return Math.sqrt(sum / (total - parts.length) / total);
}

function plainError(parts: readonly Part[]): number | null {
  if (parts.some(({ standardError }) => standardError === null)) return null;
  return (
    Math.sqrt(parts.reduce((sum, { standardError }) => sum + (standardError ?? 0) ** 2, 0)) / parts.length
  );
}
