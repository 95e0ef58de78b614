// A comparison of two results as a sentence: is the second better, how is that known, and if not, why it cannot be said. Pure.
import type { ResultComparison } from '../compare-results.ts';
import { BAND_ERRORS } from './progression.ts';

/** Four digits after the point, as the harnesses print. */
export const fourDigits = (value: number): string => value.toFixed(4);

/** `+0.0298`, `−0.0104`, `0.0000`. */
export function signed(value: number): string {
  const text = fourDigits(Math.abs(value));
  if (Number(text) === 0) return text;
  return `${value > 0 ? '+' : '−'}${text}`;
}

/** `p < 0.0001`, `p = 0.0312`. */
export const pText = (p: number): string => (p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(4)}`);

export interface Interval {
  readonly low: number;
  readonly high: number;
  /** How it was made, in words. */
  readonly how: string;
}

/** Of the difference, 95 %; null where nothing says how sure it is. */
export function intervalOf({
  test,
  difference,
}: Pick<ResultComparison, 'test' | 'difference'>): Interval | null {
  if (test.kind === 'none') return null;
  if (test.kind === 'unpaired') {
    const half = BAND_ERRORS * test.standardError;
    return { low: difference - half, high: difference + half, how: `±${BAND_ERRORS} standard errors` };
  }
  const { bootstrap, standardError } = test;
  if (bootstrap !== null) {
    return {
      low: bootstrap.low,
      high: bootstrap.high,
      how: `bootstrap of the questions, ${bootstrap.resamples.toLocaleString('en-US')} draws`,
    };
  }
  if (standardError === null) return null;
  const half = BAND_ERRORS * standardError;
  return {
    low: difference - half,
    high: difference + half,
    how: `±${BAND_ERRORS} standard errors of the pairs`,
  };
}

/** `McNemar’s mid-p`, with what it is over. */
export function testWords({ test }: Pick<ResultComparison, 'test'>): string {
  if (test.kind === 'none') return test.reason;
  if (test.kind === 'unpaired') return `standard errors, z = ${test.z.toFixed(2)}`;
  const { mcNemar, questions } = test;
  const whole = (count: number) => count.toLocaleString('en-US');
  const over = `${whole(questions)} questions both answered`;
  return mcNemar === null
    ? `paired bootstrap over ${over}`
    : `McNemar’s mid-p over ${over}: ${whole(mcNemar.onlySecond)} won, ${whole(mcNemar.onlyFirst)} lost`;
}

export interface ComparisonSentence {
  readonly verdict: ResultComparison['verdict'];
  readonly sentence: string;
  /** What is not the same, and what would make the answer surer. */
  readonly remarks: readonly string[];
}

/** Does `second` do better than `first`? Names as they are shown. */
export function comparisonSentence(
  comparison: ResultComparison,
  names: { readonly first: string; readonly second: string },
): ComparisonSentence {
  const { verdict, test, settings, task, metric, difference } = comparison;
  const { first, second } = names;
  const known = settings.filter(({ weight }) => weight === 'different').map(({ sentence }) => sentence);
  const others = settings.filter(({ weight }) => weight !== 'different').map(({ sentence }) => sentence);
  if (verdict === 'not comparable') {
    return {
      verdict,
      sentence: `It cannot be said whether ${second} is better than ${first} on ${task}: the numbers answer different questions. ${known.join('. ')}`,
      remarks: others,
    };
  }
  if (test.kind === 'none') {
    return {
      verdict,
      sentence: `It cannot be said whether ${second} is better than ${first} on ${task}: ${lowerFirst(test.reason)}`,
      remarks: others,
    };
  }
  const interval = intervalOf(comparison);
  const size = `${metric} ${signed(difference)}${
    interval === null ? '' : ` (95 % from ${signed(interval.low)} to ${signed(interval.high)})`
  }`;
  const words =
    verdict === 'better'
      ? `${second} is better than ${first} on ${task}`
      : verdict === 'worse'
        ? `${second} is worse than ${first} on ${task}`
        : `No difference can be seen between ${first} and ${second} on ${task}`;
  return {
    verdict,
    sentence: `${words}: ${size}, ${testWords(comparison)}, ${pText(comparison.adjustedP ?? test.p)}`,
    remarks: [
      ...(test.kind === 'unpaired'
        ? ['The answers were not kept on both sides: a paired test of the same questions would be sharper']
        : []),
      ...(test.kind === 'paired' && test.leftOut > 0
        ? [`${test.leftOut.toLocaleString('en-US')} answers have no partner and are left out`]
        : []),
      ...others,
    ],
  };
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
