// Two sets of results with their answers, compared task by task.
import type { ReadingProblem } from '../../lib/evaluations/result.ts';
import {
  compareResults,
  type ComparisonOptions,
  type ComparisonPair,
  pairResults,
  type ResultComparison,
} from '../../lib/evaluations/compare-results.ts';
import type { FoundResult } from './read-files.ts';
import { findAnswers, readScores, type ScoreReading } from './read-scores.ts';

export interface FileComparison {
  readonly comparisons: readonly ResultComparison[];
  readonly problems: readonly ReadingProblem[];
  /** Tasks of one side that the other does not have. */
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
}

export async function compareEvaluations(
  first: readonly FoundResult[],
  second: readonly FoundResult[],
  options: ComparisonOptions,
  reading: ScoreReading = {},
): Promise<FileComparison> {
  const problems: ReadingProblem[] = [];
  const found = pairResults(first, second) as readonly (readonly [FoundResult, FoundResult])[];
  const pairs: ComparisonPair[] = [];
  for (const [a, b] of found) {
    reading.signal?.throwIfAborted();
    const [here, there] = [await findAnswers(a), await findAnswers(b)];
    if (here === null || there === null) {
      pairs.push({ first: a, second: b, questions: null });
      continue;
    }
    const scores = [await readScores(here, a, reading), await readScores(there, b, reading)] as const;
    problems.push(...scores.flatMap((one) => one.problems));
    pairs.push({ first: a, second: b, questions: [scores[0].questions, scores[1].questions] });
  }
  return {
    comparisons: compareResults(pairs, options),
    problems,
    onlyFirst: missingIn(second, first),
    onlySecond: missingIn(first, second),
  };
}

/** Tasks of `there` that `here` does not have. */
function missingIn(here: readonly FoundResult[], there: readonly FoundResult[]): readonly string[] {
  const known = new Set(here.map(({ task }) => task));
  return [...new Set(there.map(({ task }) => task))].filter((task) => !known.has(task));
}
