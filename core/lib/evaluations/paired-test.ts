// Two answers to each question, paired: which belong together, and what the differences say. The draws of the bootstrap, which are most
// of the work, may be done elsewhere. Pure.
import { seededRandom } from '../jql/random.ts';
import { type Bootstrap, mcNemar, meanDifference, pairedBootstrap } from '../statistics/paired.ts';
import type { ScoredQuestion } from './reading/read-sample.ts';

/** Share of the draws inside the interval. */
const LEVEL = 0.95;

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

export interface DrawOptions {
  readonly resamples: number;
  readonly seed: number;
}

export interface PairedQuestions {
  /** second − first of every question that both answered. */
  readonly differences: Float64Array;
  readonly leftOut: number;
  /** Null for scores that are neither right nor wrong. */
  readonly counts: {
    readonly bothRight: number;
    readonly bothWrong: number;
    readonly onlyFirst: number;
    readonly onlySecond: number;
  } | null;
}

/** Does what `drawBootstrap` does, in another place. */
export type BootstrapDraws = (differences: Float64Array, options: DrawOptions) => Promise<Bootstrap | null>;

/** Null when they share fewer than two questions. */
export function pairQuestions(
  first: readonly ScoredQuestion[],
  second: readonly ScoredQuestion[],
): PairedQuestions | null {
  const others = new Map(second.map((question) => [question.id, question]));
  const differences = new Float64Array(first.length);
  let length = 0;
  let [bothRight, bothWrong, onlyFirst, onlySecond] = [0, 0, 0, 0];
  let isBinary = true;
  for (const { id, documentHash, score } of first) {
    const other = others.get(id);
    if (other === undefined) continue;
    if (documentHash !== null && other.documentHash !== null && documentHash !== other.documentHash) continue;
    differences[length] = other.score - score;
    length += 1;
    if ((score !== 0 && score !== 1) || (other.score !== 0 && other.score !== 1)) isBinary = false;
    else if (score === 1 && other.score === 1) bothRight += 1;
    else if (score === 0 && other.score === 0) bothWrong += 1;
    else if (score === 1) onlyFirst += 1;
    else onlySecond += 1;
  }
  if (length < 2) return null;
  return {
    differences: differences.subarray(0, length),
    leftOut: first.length + second.length - 2 * length,
    counts: isBinary ? { bothRight, bothWrong, onlyFirst, onlySecond } : null,
  };
}

export function drawBootstrap(differences: Float64Array, { resamples, seed }: DrawOptions): Bootstrap | null {
  return pairedBootstrap(differences, { resamples, level: LEVEL, random: seededRandom(seed) });
}

/** `drawn`: what was drawn of the differences, with these options. */
export function testOfPairs(
  { differences, leftOut, counts }: PairedQuestions,
  drawn: Bootstrap | null,
  { resamples, seed }: DrawOptions,
): PairedTest {
  const flips = counts === null ? null : { ...counts, ...mcNemar(counts.onlyFirst, counts.onlySecond) };
  return {
    kind: 'paired',
    questions: differences.length,
    leftOut,
    mcNemar: flips,
    bootstrap: drawn === null ? null : { ...drawn, resamples, seed },
    standardError: meanDifference(differences).standardError,
    p: flips?.midP ?? drawn?.p ?? 1,
  };
}

/** All of it here and now; null when they share fewer than two questions. */
export function pairedTest(
  first: readonly ScoredQuestion[],
  second: readonly ScoredQuestion[],
  options: DrawOptions,
): PairedTest | null {
  const pairs = pairQuestions(first, second);
  return pairs === null ? null : testOfPairs(pairs, drawBootstrap(pairs.differences, options), options);
}
