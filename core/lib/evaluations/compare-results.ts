// Did one model do better than another on a task? With the answers to each question by a paired test, with standard errors
// otherwise. Says first whether the two numbers may be compared at all. Pure.
import { normalTwoSided } from '../statistics/normal.ts';
import { holm } from '../statistics/holm.ts';
import { comparabilityKey, differencesOf, mayCompare, type SettingDifference } from './comparability.ts';
import { grouped } from './grouped.ts';
import {
  type BootstrapDraws,
  drawBootstrap,
  type DrawOptions,
  type PairedQuestions,
  type PairedTest,
  pairQuestions,
  testOfPairs,
} from './paired-test.ts';
import type { ScoredQuestion } from './reading/read-sample.ts';
import type { EvaluationResult } from './result.ts';

/** Below this, after correction for the number of tasks, a difference is called one. */
export const SIGNIFICANCE = 0.05;

export interface UnpairedTest {
  readonly kind: 'unpaired';
  readonly z: number;
  readonly standardError: number;
  readonly p: number;
}

export interface NoTest {
  readonly kind: 'none';
  readonly reason: string;
}

export interface ResultComparison {
  readonly task: string;
  readonly metric: string;
  readonly filter: string;
  readonly first: EvaluationResult;
  readonly second: EvaluationResult;
  /** second − first. */
  readonly difference: number;
  readonly settings: readonly SettingDifference[];
  readonly test: PairedTest | UnpairedTest | NoTest;
  /** Holm's correction over all tasks of the comparison; null without a test. */
  readonly adjustedP: number | null;
  readonly verdict: 'better' | 'worse' | 'no difference seen' | 'not comparable' | 'not tested';
}

export interface ComparisonPair {
  readonly first: EvaluationResult;
  readonly second: EvaluationResult;
  /** Null where the answers were not kept. */
  readonly questions: readonly [readonly ScoredQuestion[], readonly ScoredQuestion[]] | null;
}

export type ComparisonOptions = DrawOptions;

/** Results of the same task, metric and filter; of several of one side, the one that is asked most alike. */
export function pairResults(
  first: readonly EvaluationResult[],
  second: readonly EvaluationResult[],
): readonly (readonly [EvaluationResult, EvaluationResult])[] {
  const nameOf = ({ task, metric, filter }: EvaluationResult) => JSON.stringify([task, metric, filter]);
  const others = grouped(second, nameOf);
  const taken = new Set<EvaluationResult>();
  return first.flatMap((one) => {
    const candidates = (others.get(nameOf(one)) ?? []).filter((other) => !taken.has(other));
    const best =
      candidates.find((other) => comparabilityKey(other) === comparabilityKey(one)) ??
      candidates.toSorted((a, b) => differencesOf(one, a).length - differencesOf(one, b).length)[0];
    if (best === undefined) return [];
    taken.add(best);
    return [[one, best] as const];
  });
}

/** A pair before it is corrected for the others. */
export interface TestedPair {
  readonly pair: Omit<ComparisonPair, 'questions'>;
  readonly settings: readonly SettingDifference[];
  readonly test: ResultComparison['test'];
}

export function testPair(pair: ComparisonPair, options: ComparisonOptions): TestedPair {
  const pairs = questionsOf(pair);
  return testedPair(
    pair,
    pairs === null ? null : testOfPairs(pairs, drawBootstrap(pairs.differences, options), options),
  );
}

/** The same, while somebody else does the draws: with 50,000 questions they are most of the work. */
export async function testPairWith(
  pair: ComparisonPair,
  options: ComparisonOptions,
  draws: BootstrapDraws,
): Promise<TestedPair> {
  const pairs = questionsOf(pair);
  if (pairs === null) return testedPair(pair, null);
  return testedPair(pair, testOfPairs(pairs, await draws(pairs.differences, options), options));
}

function testedPair(pair: ComparisonPair, paired: PairedTest | null): TestedPair {
  const { first, second } = pair;
  return {
    pair: { first, second },
    settings: differencesOf(first, second),
    test: paired ?? unpairedTest(first, second),
  };
}

/** In the order of the pairs. */
export function correctedComparisons(tested: readonly TestedPair[]): readonly ResultComparison[] {
  // Groups repeat what their tasks say: they are tested, but do not count as further comparisons.
  const counted = tested.filter(
    ({ pair, settings, test }) => test.kind !== 'none' && mayCompare(settings) && !pair.first.isGroup,
  );
  const adjusted = holm(counted.map(({ test }) => (test.kind === 'none' ? 1 : test.p)));
  return tested.map((one) => {
    const { pair, settings, test } = one;
    const { first, second } = pair;
    const place = counted.indexOf(one);
    const ownP = test.kind === 'none' ? null : test.p;
    const adjustedP = place === -1 ? ownP : (adjusted[place] ?? null);
    const difference = second.value - first.value;
    return {
      task: first.task,
      metric: first.metric,
      filter: first.filter,
      first,
      second,
      difference,
      settings,
      test,
      adjustedP,
      verdict: verdictOf(one, adjustedP, difference),
    };
  });
}

function verdictOf(
  { pair, settings, test }: TestedPair,
  adjustedP: number | null,
  difference: number,
): ResultComparison['verdict'] {
  if (!mayCompare(settings)) return 'not comparable';
  if (test.kind === 'none' || adjustedP === null) return 'not tested';
  if (adjustedP >= SIGNIFICANCE || difference === 0) return 'no difference seen';
  const isHigher = difference > 0;
  return isHigher === (pair.first.higherIsBetter ?? true) ? 'better' : 'worse';
}

/** Printed values have four digits or more. */
const SAME_MEAN = 5e-5;

/** Only a mean over questions can be tested by questions: F1 cannot, nor can answers of another run. */
export function isMeanOf(
  { value }: Pick<EvaluationResult, 'value'>,
  questions: readonly ScoredQuestion[],
): boolean {
  let sum = 0;
  for (const { score } of questions) sum += score;
  return Math.abs(sum / questions.length - value) <= SAME_MEAN;
}

/** Null where there are no two questions that both answered. */
function questionsOf({ first, second, questions }: ComparisonPair): PairedQuestions | null {
  if (questions === null || !isMeanOf(first, questions[0]) || !isMeanOf(second, questions[1])) return null;
  return pairQuestions(...questions);
}

function unpairedTest(first: EvaluationResult, second: EvaluationResult): UnpairedTest | NoTest {
  const [a, b] = [first.standardError, second.standardError];
  if (a === null || b === null) {
    return {
      kind: 'none',
      reason: 'There are neither answers to the same questions nor standard errors on both sides',
    };
  }
  const standardError = Math.hypot(a, b);
  if (standardError === 0) return { kind: 'none', reason: 'Both standard errors are 0' };
  const z = (second.value - first.value) / standardError;
  return { kind: 'unpaired', z, standardError, p: normalTwoSided(z) };
}
