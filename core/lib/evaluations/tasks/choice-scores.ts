// Right or wrong from the likelihoods of the choices, as lm-evaluation-harness decides it. Pure.
import type { ChoiceDocument } from './choice-tasks.ts';
import { characters } from './python-text.ts';

export interface ChoiceScores {
  /** The likeliest choice is the right one. */
  readonly acc: 0 | 1;
  /** Likelihoods divided by the Unicode characters of the choice. */
  readonly acc_norm: 0 | 1;
  /** Divided by its bytes in UTF-8. */
  readonly acc_bytes: 0 | 1;
}

/** The first of the largest, as numpy.argmax. */
export function firstLargest(values: readonly number[]): number {
  let best = 0;
  for (const [place, value] of values.entries()) if (value > (values[best] ?? 0)) best = place;
  return best;
}

export function choiceScores(
  { choices, gold }: Pick<ChoiceDocument, 'choices' | 'gold'>,
  logLikelihoods: readonly number[],
): ChoiceScores {
  const encoder = new TextEncoder();
  const right = (lengths: readonly number[]): 0 | 1 =>
    firstLargest(logLikelihoods.map((value, place) => value / (lengths[place] ?? 1))) === gold ? 1 : 0;
  return {
    acc: right(choices.map(() => 1)),
    acc_norm: right(choices.map(characters)),
    acc_bytes: right(choices.map((choice) => encoder.encode(choice).length)),
  };
}

export interface MeanOfScores {
  readonly value: number;
  /** Sample standard deviation / √n; null below two questions. */
  readonly standardError: number | null;
}

export function meanOfScores(scores: readonly number[]): MeanOfScores {
  const n = scores.length;
  const value = scores.reduce((sum, score) => sum + score, 0) / n;
  if (n < 2) return { value, standardError: null };
  const squares = scores.reduce((sum, score) => sum + (score - value) ** 2, 0);
  return { value, standardError: Math.sqrt(squares / (n - 1) / n) };
}
