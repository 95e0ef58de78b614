// Two sets of results with their answers, compared task by task.
import { setImmediate } from 'node:timers/promises';
import type { ReadingProblem } from '../../../lib/evaluations/result.ts';
import {
  type ComparisonOptions,
  correctedComparisons,
  pairResults,
  type ResultComparison,
  testPair,
  testPairWith,
  type TestedPair,
} from '../../../lib/evaluations/compare-results.ts';
import type { BootstrapDraws } from '../../../lib/evaluations/paired-test.ts';
import type { FoundResult } from '../results/read-files.ts';
import { type AnswerPlace, numberedQuestions, placesOfAnswers } from '../results/answer-places.ts';
import { readScores, type ScoreReading, type ScoresOfFile } from '../results/read-scores.ts';

export interface FileComparison {
  readonly comparisons: readonly ResultComparison[];
  readonly problems: readonly ReadingProblem[];
  /** Tasks of one side that the other does not have. */
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
}

export interface ComparisonProgress {
  readonly doneTasks: number;
  readonly totalTasks: number;
  readonly task: string;
}

export interface ComparisonReading extends ScoreReading {
  /** Where many questions are drawn again and again; here, where that is the only thing this process does, when absent. */
  readonly draws?: BootstrapDraws | undefined;
  /** Results among which the tasks of groups are found, where not all of them are compared. */
  readonly parts?: readonly FoundResult[] | undefined;
  readonly onTask?: ((progress: ComparisonProgress) => void) | undefined;
  /** Instead of reading the whole file. */
  readonly scores?:
    | ((path: string, result: FoundResult, at: ComparisonProgress) => Promise<ScoresOfFile>)
    | undefined;
}

export async function compareEvaluations(
  first: readonly FoundResult[],
  second: readonly FoundResult[],
  options: ComparisonOptions,
  reading: ComparisonReading = {},
): Promise<FileComparison> {
  const parts = reading.parts ?? [...first, ...second];
  const { scores: scoresOf = (path, result) => readScores(path, result, reading) } = reading;
  const problems = new Map<string, ReadingProblem>();
  const found = pairResults(first, second) as readonly (readonly [FoundResult, FoundResult])[];
  const tested: TestedPair[] = [];
  for (const [doneTasks, [a, b]] of found.entries()) {
    reading.signal?.throwIfAborted();
    const at = { doneTasks, totalTasks: found.length, task: a.task };
    reading.onTask?.(at);
    const [here, there] = [await placesOfAnswers(a, parts), await placesOfAnswers(b, parts)];
    if (here.length === 0 || there.length === 0) {
      tested.push(testPair({ first: a, second: b, questions: null }, options));
      continue;
    }
    const numbers = new Map<string, number>();
    const scoresAt = async (places: readonly AnswerPlace[], result: FoundResult): Promise<ScoresOfFile> => {
      const read: ScoresOfFile[] = [];
      for (const { task, path } of places) {
        const { questions, problems: own } = await scoresOf(path, { ...result, task }, at);
        read.push({ questions: numberedQuestions(task, questions, numbers), problems: own });
      }
      return {
        questions: read.flatMap((one) => one.questions),
        problems: read.flatMap((one) => one.problems),
      };
    };
    const scores = [await scoresAt(here, a), await scoresAt(there, b)] as const;
    // Two metrics of one file have the same lines that are no samples.
    for (const problem of scores.flatMap((one) => one.problems))
      problems.set(JSON.stringify(problem), problem);
    // Whoever else waits for this process comes in between.
    await setImmediate();
    const questions = [scores[0].questions, scores[1].questions] as const;
    const pair = { first: a, second: b, questions };
    const { draws } = reading;
    tested.push(draws === undefined ? testPair(pair, options) : await testPairWith(pair, options, draws));
  }
  return {
    comparisons: correctedComparisons(tested),
    problems: [...problems.values()],
    onlyFirst: missingIn(second, first),
    onlySecond: missingIn(first, second),
  };
}

/** Tasks of `there` that `here` does not have. */
function missingIn(here: readonly FoundResult[], there: readonly FoundResult[]): readonly string[] {
  const known = new Set(here.map(({ task }) => task));
  return [...new Set(there.map(({ task }) => task))].filter((task) => !known.has(task));
}
