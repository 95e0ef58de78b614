// Where the answers of a model to a task lie, and their indexes. A value over tasks has the answers of its tasks.
import { basename, join } from 'node:path';
import type { EvaluatedModel } from '../../../api/evaluations.ts';
import { StudioError } from '../../../api/errors.ts';
import { columnHash, comparabilityKey } from '../../../lib/evaluations/comparability.ts';
import { pairResults } from '../../../lib/evaluations/compare-results.ts';
import type { QuestionIndex } from '../../../lib/evaluations/questions/question-index.ts';
import type { AnswerSet } from '../../../lib/evaluations/questions/select-questions.ts';
import { mainMetric } from '../../../lib/evaluations/task-facts.ts';
import { datasetCacheFolder } from '../../datasets/cache-folder.ts';
import type { FoundResult } from '../results/read-files.ts';
import type { OpenEngine } from '../tasks/read-rows.ts';
import { placesOfAnswers } from '../results/answer-places.ts';
import type { ActivityLog } from '../../system/activities.ts';
import { type BuildIndex, buildIndex, type IndexProgress } from './build-index.ts';
import { linesOfDetails } from './details-file.ts';
import { createIndexStore } from './index-store.ts';

export interface AnswerQuery {
  readonly task: string;
  readonly metric: string | null;
  readonly filter: string | null;
  readonly column: string | null;
}

export interface IndexedAnswers {
  readonly task: string;
  /** Absolute, of lines. */
  readonly path: string;
  readonly index: QuestionIndex;
}

export interface FoundAnswers {
  readonly result: FoundResult;
  readonly model: EvaluatedModel;
  readonly parts: readonly IndexedAnswers[];
  readonly set: AnswerSet;
}

export interface Answers {
  /** Those of one result; `all` holds the tasks of a value over tasks. Throws NOT_FOUND where none were kept. */
  open(
    result: FoundResult,
    all: readonly FoundResult[],
    model: EvaluatedModel,
    signal?: AbortSignal,
  ): Promise<FoundAnswers>;
  /** The index of one file of answers, absolute. */
  indexOf(path: string, options?: IndexOptions): Promise<Omit<IndexedAnswers, 'task'>>;
}

export interface IndexOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: IndexProgress) => void;
}

export interface AnswersUse {
  readonly openEngine: OpenEngine;
  /** Absolute. */
  readonly cacheFolder: () => Promise<string>;
  /** Where the reading of a file is shown; not at all without it. */
  readonly activities?: ActivityLog;
}

/** Beside the imports of text files: `.studio/cache/questions`, or the state folder's. */
export async function questionCacheFolder(workspace: string | null, stateFolder: string): Promise<string> {
  return join(await datasetCacheFolder(workspace, stateFolder), '..', 'questions');
}

export function createAnswers({ openEngine, cacheFolder, activities }: AnswersUse): Answers {
  const shown: BuildIndex = (path, { signal, onProgress }) => {
    if (activities === undefined) return buildIndex(path, { signal, onProgress });
    const title = `Reading answers of ${basename(path)}`;
    return activities.run({ title, unit: 'MB', signal }, (activity) =>
      buildIndex(path, {
        signal: activity.signal,
        onProgress: (progress) => {
          onProgress?.(progress);
          activity.progress(megabytes(progress.doneBytes), megabytes(progress.totalBytes));
        },
      }),
    );
  };
  const store = createIndexStore({ cacheFolder, build: shown });

  const answers: Answers = {
    async indexOf(path, { signal, onProgress } = {}) {
      const lines = path.endsWith('.parquet')
        ? await linesOfDetails(path, { openEngine, cacheFolder: await cacheFolder(), signal })
        : path;
      const index = await store.open(lines, { signal, ...(onProgress && { onProgress }) });
      return { path: lines, index };
    },
    async open(result, all, model, signal) {
      const { task, metric, filter } = result;
      const places = await placesOfAnswers(result, all);
      if (places.length === 0) throw noAnswers(model.name, task, true);
      const parts: IndexedAnswers[] = [];
      for (const place of places)
        parts.push({ ...place, ...(await answers.indexOf(place.path, { signal })) });
      return { result, model, parts, set: { parts, metric, filter } };
    },
  };
  return answers;
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

/** Of the results of one model; null where none fits. */
export function chosenResult(
  own: readonly FoundResult[],
  { task, metric, filter, column }: AnswerQuery,
): FoundResult | null {
  const ofTask = own.filter((one) => one.task === task);
  const asked = ofTask.filter((one) => column === null || columnHash(comparabilityKey(one)) === column);
  const candidates = asked.length > 0 ? asked : ofTask;
  const wanted = metric ?? mainMetric(task, [...new Set(candidates.map((one) => one.metric))]);
  const ofMetric = newestFirst(candidates.filter((one) => one.metric === wanted));
  return ofMetric.find((one) => filter === null || one.filter === filter) ?? null;
}

const newestFirst = (results: readonly FoundResult[]): readonly FoundResult[] =>
  results.toSorted((a, b) => (b.measuredMs ?? 0) - (a.measuredMs ?? 0));

/** Of the results of another model for the same task, the one that was asked most alike. */
export function alikeResult(first: FoundResult, others: readonly FoundResult[]): FoundResult | null {
  const [pair] = pairResults([first], newestFirst(others.filter(({ task }) => task === first.task)));
  return (pair?.[1] as FoundResult | undefined) ?? null;
}

export function noAnswers(model: string, task: string, hasResult: boolean): StudioError {
  return new StudioError(
    'NOT_FOUND',
    hasResult
      ? `The answers of ${model} to ${task} were not kept`
      : `There is no such result of ${model} for ${task}`,
    {
      hint: hasResult
        ? 'Evaluate again with answers kept (--log_samples in lm-eval), or import the files samples_….jsonl beside the results'
        : 'Choose another model, task, metric or filter',
    },
  );
}
