// Two models compared task by task, with the answers to each question where both have them; read through their indexes, so that the
// next comparison of the same files is quick.
import type { ModelComparison } from '../../../api/evaluation-progress.ts';
import { StudioError } from '../../../api/errors.ts';
import { referenceModels } from '../../../lib/evaluations/reference-models.ts';
import { referenceRowResults } from '../../../lib/evaluations/reference-results.ts';
import { mainResults } from '../../../lib/evaluations/main-results.ts';
import type { BootstrapDraws } from '../../../lib/evaluations/paired-test.ts';
import type { Answers } from '../questions/answers.ts';
import { compareEvaluations } from './compare-files.ts';
import type { FoundResult } from '../results/read-files.ts';
import type { ResultsIndex } from '../results/results-index.ts';
import { scoredQuestions } from './paired-cells.ts';

export interface CompareRequest {
  /** Keys of models. */
  readonly first: string;
  readonly second: string;
  readonly tasks: readonly string[] | null;
  readonly allMetrics: boolean;
  readonly resamples: number;
  readonly seed: number;
}

export interface CompareProgress {
  readonly doneTasks: number;
  readonly totalTasks: number;
  readonly task: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export async function compareModels(
  { first, second, tasks, allMetrics, resamples, seed }: CompareRequest,
  use: {
    readonly results: ResultsIndex;
    readonly answers: Answers;
    readonly draws: BootstrapDraws;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: (progress: CompareProgress) => void;
  },
): Promise<ModelComparison> {
  const { signal, onProgress } = use;
  const [one, other] = [await sideOf(first, use.results, signal), await sideOf(second, use.results, signal)];
  const pick = (results: readonly FoundResult[]) => {
    const asked = tasks === null ? results : results.filter(({ task }) => tasks.includes(task));
    return allMetrics ? asked : mainResults(asked);
  };
  const compared = await compareEvaluations(
    pick(one.results),
    pick(other.results),
    { resamples, seed },
    {
      signal,
      draws: use.draws,
      parts: [...one.results, ...other.results],
      onTask: (progress) => onProgress?.({ ...progress, doneBytes: 0, totalBytes: 0 }),
      scores: async (path, { task, metric, filter }, at) => {
        const { index } = await use.answers.indexOf(path, {
          signal,
          onProgress: (read) => onProgress?.({ ...at, ...read, task }),
        });
        return { questions: scoredQuestions({ task, index }, metric, filter), problems: index.problems };
      },
    },
  );
  return {
    first: one.model,
    second: other.model,
    comparisons: compared.comparisons.map((comparison) => ({
      ...comparison,
      first: plain(comparison.first),
      second: plain(comparison.second),
      settings: [...comparison.settings],
    })),
    problems: [...compared.problems],
    onlyFirst: [...compared.onlyFirst],
    onlySecond: [...compared.onlySecond],
  };
}

/** Without paths of this computer. */
function plain(result: ModelComparison['comparisons'][number]['first']) {
  const { file: _file, run: _run, step: _step, ...rest } = result as FoundResult;
  return rest;
}

async function sideOf(key: string, results: ResultsIndex, signal: AbortSignal | undefined) {
  if (key.startsWith('reference:')) {
    for (const table of await results.references()) {
      const models = referenceModels(table);
      const place = models.findIndex((model) => model.key === key);
      const model = models[place];
      if (model !== undefined) {
        const own = referenceRowResults(table, place).map((result) => ({
          ...result,
          file: '',
          run: null,
          step: null,
        }));
        return { model, results: own as unknown as readonly FoundResult[] };
      }
    }
  }
  const own = (await results.results(signal)).filter((result) => results.modelOf(result).key === key);
  const [one] = own;
  if (one === undefined) {
    throw new StudioError(
      'NOT_FOUND',
      `There are no results of ${key.replace(/^(model|run|reference):/, '')}`,
      {
        hint: 'Choose a model of the list; its results may have been moved',
      },
    );
  }
  const newest = own.toSorted((a, b) => (b.measuredMs ?? 0) - (a.measuredMs ?? 0));
  return { model: results.modelOf(one), results: newest };
}
