// Of each task only the metric that reports quote. Pure.
import { grouped } from './grouped.ts';
import type { EvaluationResult } from './result.ts';
import { mainMetric } from './task-facts.ts';

export function mainResults<T extends Pick<EvaluationResult, 'task' | 'metric'>>(
  results: readonly T[],
): readonly T[] {
  const main = new Map(
    [...grouped(results, ({ task }) => task)].map(([task, own]) => [
      task,
      mainMetric(task, [...new Set(own.map(({ metric }) => metric))]),
    ]),
  );
  return results.filter(({ task, metric }) => main.get(task) === metric);
}
