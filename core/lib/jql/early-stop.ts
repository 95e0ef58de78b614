// When to stop: as the published heads were trained. The first value is the best; an evaluation that does not beat the best by
// the least gain is a bad one, and so many bad ones in a row are enough. The best itself moves with any gain, however small.

export interface EarlyStop {
  readonly best: number;
  readonly badInARow: number;
}

export const noEvaluationYet: EarlyStop = { best: Number.NEGATIVE_INFINITY, badInARow: 0 };

export interface Judged extends EarlyStop {
  /** The best so far: the head to keep. */
  readonly isBest: boolean;
  readonly isEnough: boolean;
}

/** NaN (all scores equal) is never a gain and never the best. */
export function judgeEvaluation(
  before: EarlyStop,
  value: number,
  options: { readonly patience: number; readonly minimumGain: number },
): Judged {
  const isBest = value > before.best;
  const badInARow = value >= before.best + options.minimumGain ? 0 : before.badInARow + 1;
  return {
    best: isBest ? value : before.best,
    badInARow,
    isBest,
    isEnough: badInARow >= options.patience,
  };
}
