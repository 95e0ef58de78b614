// From measurements to a verdict: green when the converted model is the same, amber for the loss a quantization is known
// to have, red with the reasons otherwise.
import type { ParityMeasurements } from '../../api/conversion.ts';

/** Share of positions where the most likely token must be the same. */
const TOP1_OF_HALVES = 0.99;
/**
 * The studio's own judgement, not a standard: below these so many of a trained model's first choices have changed that nobody
 * should take it for the same. A model with random weights has no clear favourites, and loses far more by the same rounding.
 */
const TOP1_OF_EIGHT_BITS = 0.95;
const TOP1_OF_FIVE_BITS = 0.85;
const TOP1_OF_FOUR_BITS = 0.6;

export interface Verdict {
  /** `lossy`: as good as its quantization and the runtime let expect. */
  readonly verdict: 'equal' | 'lossy' | 'different';
  /** Why it is not equal, one sentence each. */
  readonly reasons: string[];
}

export function judgeParity({ quantization, tokenizer, template, logits }: ParityMeasurements): Verdict {
  const faults: string[] = [];
  const remarks: string[] = [];
  const { differences, texts } = tokenizer;
  // llama.cpp does not compose characters; a tokenizer with NFC does, and such texts are rare.
  const composed = differences.filter(({ text }) => text === text.normalize('NFC'));
  if (composed.length > 0) {
    faults.push(
      `${composed.length} of ${texts} texts get other tokens, first ${JSON.stringify(composed[0]?.text.slice(0, 40))}`,
    );
  } else if (differences.length > 0) {
    remarks.push(
      'Letters with combining marks get other tokens: the tokenizer composes them, the runtime does not',
    );
  }
  if (template.kind === 'different') faults.push(`The chat template is another one. ${template.detail}`);
  const least = leastTop1(quantization);
  if (!(logits.top1 >= least)) {
    faults.push(
      `The most likely token is the same at ${percent(logits.top1)} of ${logits.positions} positions, ${percent(least)} are expected of ${quantization}${
        least === TOP1_OF_HALVES ? '' : LIMITS_ARE_OURS
      }`,
    );
  }
  if (faults.length > 0) return { verdict: 'different', reasons: faults };
  if (least === TOP1_OF_HALVES)
    return { verdict: remarks.length === 0 ? 'equal' : 'lossy', reasons: remarks };
  return {
    verdict: 'lossy',
    reasons: [
      `${quantization} moves probabilities by ${logits.meanDivergence.toFixed(4)} nats in the mean; the most likely token is the same at ${percent(logits.top1)} of ${logits.positions} positions, and ${percent(least)} were asked for${LIMITS_ARE_OURS}`,
      ...remarks,
    ],
  };
}

/** Behind a limit that nobody else has set. */
const LIMITS_ARE_OURS = ' (a limit of this studio, for trained models; small ones lose more)';

function leastTop1(quantization: string): number {
  if (/^(F32|F16|BF16)$/.test(quantization)) return TOP1_OF_HALVES;
  if (/^Q[68]/.test(quantization)) return TOP1_OF_EIGHT_BITS;
  return quantization.startsWith('Q5') ? TOP1_OF_FIVE_BITS : TOP1_OF_FOUR_BITS;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
