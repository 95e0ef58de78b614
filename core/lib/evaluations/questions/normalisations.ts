// Which choice of a question a model takes, by each way of dividing likelihoods by the length of the choice. Pure.
import { firstLargest } from '../tasks/choice-scores.ts';

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

export function measuredChoice(
  text: string,
  logLikelihood: number,
  tokens: number | null = null,
): MeasuredChoice {
  return { text, logLikelihood, ...lengthsOf(text), tokens };
}

/** Unicode characters and bytes in UTF-8, counted in one go: a benchmark has a hundred thousand choices. */
function lengthsOf(text: string): { readonly characters: number; readonly bytes: number } {
  let characters = 0;
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    characters += 1;
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLow(text.charCodeAt(at + 1))) {
      bytes += 4;
      at += 1;
    } else bytes += 3;
  }
  return { characters, bytes };
}

/** The second half of a letter of two units. */
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

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
