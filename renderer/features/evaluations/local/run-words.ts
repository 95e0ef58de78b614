// Evaluations on this computer in words: what an evaluation is of, how it stands.
import type { EvaluationCell, EvaluationMean, EvaluationRun } from '../../../../core/api/evaluation-runs.ts';
import { mainMetric } from '../../../../core/lib/evaluations/task-facts.ts';
import { formatQuantity } from '../../../ui/format.ts';

export const stateWords: Readonly<Record<EvaluationRun['state'], string>> = {
  waiting: 'waiting',
  running: 'running',
  stopped: 'stopped',
  interrupted: 'interrupted',
  finished: 'finished',
  failed: 'ended with a problem',
};

export function runTitle({ request: { tasks } }: EvaluationRun): string {
  const names = tasks.slice(0, 2).map(({ name }) => name);
  return tasks.length > 2 ? `${names.join(', ')} and ${tasks.length - 2} more` : names.join(', ');
}

export function runDetail({ request: { limit }, state, cells }: EvaluationRun): string {
  const models = new Set(cells.map(({ model }) => model));
  const done = cells.filter((cell) => cell.state === 'finished').length;
  return [
    formatQuantity(models.size, 'model'),
    limit === null ? '' : `first ${limit} questions`,
    state === 'finished' ? '' : stateWords[state],
    state === 'running' && cells.length > 1 ? `${done} of ${cells.length}` : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** `checkpoints/run/1000/model-q4_0.gguf` → `run 1000 q4_0`; others by their file. */
export function modelWords(path: string): string {
  const [, run, step, type] = /^checkpoints\/([^/]+)\/(\d+)\/model-(.+)\.gguf$/.exec(path) ?? [];
  if (run !== undefined) return `${run} ${Number(step).toLocaleString('en-US')} ${type}`;
  return (path.split('/').pop() ?? path).replace(/\.gguf$/i, '');
}

/** The number that reports quote comes first. */
export function shownMeans({ task, means }: EvaluationCell): readonly EvaluationMean[] {
  const main = mainMetric(task, [...new Set(means.map(({ metric }) => metric))]);
  return means.toSorted((a, b) => Number(b.metric === main) - Number(a.metric === main));
}

export const metricWords = ({ metric, filter }: Pick<EvaluationMean, 'metric' | 'filter'>): string =>
  filter === 'none' ? metric : `${metric}, ${filter}`;

export const meanWords = ({ value, standardError }: EvaluationMean): string =>
  standardError === null ? value.toFixed(4) : `${value.toFixed(4)} ± ${standardError.toFixed(4)}`;
