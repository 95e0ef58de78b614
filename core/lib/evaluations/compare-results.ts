// Did one model do better than another on a task? With the answers to each question by a paired test, with standard errors
// otherwise. Says first whether the two numbers may be compared at all. Pure.
import { seededRandom } from '../jql/random.ts';
import { normalTwoSided } from '../statistics/normal.ts';
import { mcNemar, meanDifference, pairedBootstrap } from '../statistics/paired.ts';
import { holm } from '../statistics/proportions.ts';
import { comparabilityKey, differencesOf, mayCompare, type SettingDifference } from './comparability.ts';
import { grouped } from './grouped.ts';
import type { ScoredQuestion } from './read-sample.ts';
import type { EvaluationResult } from './result.ts';

/** Below this, after correction for the number of tasks, a difference is called one. */
export const SIGNIFICANCE = 0.05;

export interface PairedTest {
  readonly kind: 'paired';
  /** Questions that both answered. */
  readonly questions: number;
  /** Answered by one side only, or not the same question under the same number. */
  readonly leftOut: number;
  /** Of questions that are right or wrong; null for scores in between. */
  readonly mcNemar: {
    readonly bothRight: number;
    readonly bothWrong: number;
    readonly onlyFirst: number;
    readonly onlySecond: number;
    readonly exact: number;
    readonly midP: number;
  } | null;
  readonly bootstrap: {
    readonly low: number;
    readonly high: number;
    readonly p: number;
    readonly resamples: number;
    readonly seed: number;
  } | null;
  /** Of the mean difference of the pairs. */
  readonly standardError: number | null;
  /** McNemar's mid-p where it is there, the bootstrap's otherwise. */
  readonly p: number;
}

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

export interface ComparisonOptions {
  readonly resamples: number;
  readonly seed: number;
}

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

export function compareResults(
  pairs: readonly ComparisonPair[],
  options: ComparisonOptions,
): readonly ResultComparison[] {
  return correctedComparisons(pairs.map((pair) => testPair(pair, options)));
}

/** A pair before it is corrected for the others. */
export interface TestedPair {
  readonly pair: Omit<ComparisonPair, 'questions'>;
  readonly settings: readonly SettingDifference[];
  readonly test: ResultComparison['test'];
}

/** The long part: with 50,000 questions the bootstrap is most of the work. */
export function testPair(pair: ComparisonPair, options: ComparisonOptions): TestedPair {
  const { first, second } = pair;
  return { pair: { first, second }, settings: differencesOf(first, second), test: testOf(pair, options) };
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
function isMeanOf({ value }: EvaluationResult, questions: readonly ScoredQuestion[]): boolean {
  let sum = 0;
  for (const { score } of questions) sum += score;
  return Math.abs(sum / questions.length - value) <= SAME_MEAN;
}

function testOf(
  { first, second, questions }: ComparisonPair,
  options: ComparisonOptions,
): ResultComparison['test'] {
  const isPaired = questions !== null && isMeanOf(first, questions[0]) && isMeanOf(second, questions[1]);
  const paired = isPaired ? pairedTest(questions[0], questions[1], options) : null;
  if (paired !== null) return paired;
  const errors = [first.standardError, second.standardError];
  const [a = null, b = null] = errors;
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

/** Null when they share fewer than two questions. */
export function pairedTest(
  first: readonly ScoredQuestion[],
  second: readonly ScoredQuestion[],
  { resamples, seed }: ComparisonOptions,
): PairedTest | null {
  const others = new Map(second.map((question) => [question.id, question]));
  const differences: number[] = [];
  let [bothRight, bothWrong, onlyFirst, onlySecond] = [0, 0, 0, 0];
  let isBinary = true;
  for (const { id, documentHash, score } of first) {
    const other = others.get(id);
    if (other === undefined) continue;
    if (documentHash !== null && other.documentHash !== null && documentHash !== other.documentHash) continue;
    differences.push(other.score - score);
    if ((score !== 0 && score !== 1) || (other.score !== 0 && other.score !== 1)) isBinary = false;
    else if (score === 1 && other.score === 1) bothRight += 1;
    else if (score === 0 && other.score === 0) bothWrong += 1;
    else if (score === 1) onlyFirst += 1;
    else onlySecond += 1;
  }
  if (differences.length < 2) return null;
  const counts = isBinary
    ? { bothRight, bothWrong, onlyFirst, onlySecond, ...mcNemar(onlyFirst, onlySecond) }
    : null;
  const drawn = pairedBootstrap(differences, { resamples, level: 0.95, random: seededRandom(seed) });
  return {
    kind: 'paired',
    questions: differences.length,
    leftOut: first.length + second.length - 2 * differences.length,
    mcNemar: counts,
    bootstrap: drawn === null ? null : { ...drawn, resamples, seed },
    standardError: meanDifference(differences).standardError,
    p: counts?.midP ?? drawn?.p ?? 1,
  };
}
