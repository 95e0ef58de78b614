// Which choice of a question a model takes, by each way of dividing likelihoods by the length of the choice. Pure.
import { firstLargest } from '../choice-scores.ts';
import { characters } from '../python-text.ts';

/** As lm-eval calls them: acc, acc_norm, acc_bytes; lighteval's acc_norm_token. */
export const normalisations = ['none', 'characters', 'bytes', 'tokens'] as const;
export type Normalisation = (typeof normalisations)[number];

/** The metric of lm-eval or lighteval that is decided so. */
export const METRIC_OF: Readonly<Record<Normalisation, string>> = {
  none: 'acc',
  characters: 'acc_norm',
  bytes: 'acc_bytes',
  tokens: 'acc_norm_token',
};

export interface MeasuredChoice {
  /** The choice alone, without what joins it to the question. */
  readonly text: string;
  /** Sum of natural logarithms; NaN where the file has no number. */
  readonly logLikelihood: number;
  readonly characters: number;
  /** In UTF-8. */
  readonly bytes: number;
  /** Null where nobody says. */
  readonly tokens: number | null;
}

const encoder = new TextEncoder();

export function measuredChoice(
  text: string,
  logLikelihood: number,
  tokens: number | null = null,
): MeasuredChoice {
  return { text, logLikelihood, characters: characters(text), bytes: encoder.encode(text).length, tokens };
}

export interface NormalisedChoice {
  readonly normalisation: Normalisation;
  /** In the order of the choices; null where a length is not known. */
  readonly values: readonly number[] | null;
  /** Place of the choice that is taken: the first of the largest. */
  readonly pick: number | null;
}

export function normalised(choices: readonly MeasuredChoice[]): readonly NormalisedChoice[] {
  return normalisations.map((normalisation) => {
    const lengths = choices.map((choice) => lengthOf(choice, normalisation));
    if (choices.length === 0 || lengths.includes(null)) return { normalisation, values: null, pick: null };
    const values = choices.map(({ logLikelihood }, place) => logLikelihood / (lengths[place] ?? 1));
    return { normalisation, values, pick: values.some(Number.isNaN) ? null : firstLargest(values) };
  });
}

function lengthOf(choice: MeasuredChoice, normalisation: Normalisation): number | null {
  return normalisation === 'none' ? 1 : choice[normalisation];
}
