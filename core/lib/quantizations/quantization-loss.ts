// How much a quantization loses against the largest model of the same weights, from the scores of both on the same tokens.

export interface ScoredPosition {
  readonly id: number;
  /** Natural logarithm; null for the first token of the text. */
  readonly logProbability: number | null;
  /** Id of the likeliest token at this place; null where it was not asked for. */
  readonly likeliest: number | null;
}

/** Bits per byte of a text: −Σ ln p / (ln 2 × UTF-8 bytes). NaN without bytes or where a token is impossible. */
export function bitsPerByte(positions: readonly ScoredPosition[], bytes: number): number {
  if (bytes === 0) return Number.NaN;
  return -positions.reduce((sum, { logProbability }) => sum + (logProbability ?? 0), 0) / (Math.LN2 * bytes);
}

export interface QuantizationLoss {
  /** Bits per byte more than the reference; below 0 it is better on this text. */
  readonly bitsPerByte: number;
  /** Standard error of that difference over the tokens, in bits per byte: both read the same tokens, so it is small. */
  readonly standardError: number;
  /** Share of positions where both find the same token likeliest; null without positions. */
  readonly agreement: number | null;
  readonly positions: number;
}

/** Null where the two did not read the same tokens: their losses cannot be told token by token. */
export function lossAgainst(
  reference: readonly ScoredPosition[],
  own: readonly ScoredPosition[],
  bytes: number,
): QuantizationLoss | null {
  if (reference.length !== own.length || bytes === 0) return null;
  const differences: number[] = [];
  let same = 0;
  let compared = 0;
  for (const [index, position] of own.entries()) {
    const other = reference[index];
    if (other === undefined || other.id !== position.id) return null;
    if (other.logProbability !== null && position.logProbability !== null) {
      differences.push(other.logProbability - position.logProbability);
    }
    if (other.likeliest === null || position.likeliest === null) continue;
    compared += 1;
    if (other.likeliest === position.likeliest) same += 1;
  }
  const count = differences.length;
  const sum = differences.reduce((total, one) => total + one, 0);
  const mean = count === 0 ? 0 : sum / count;
  const variance =
    count < 2 ? Number.NaN : differences.reduce((total, one) => total + (one - mean) ** 2, 0) / (count - 1);
  return {
    bitsPerByte: sum / (Math.LN2 * bytes),
    standardError: Math.sqrt(variance * count) / (Math.LN2 * bytes),
    agreement: compared === 0 ? null : same / compared,
    positions: compared,
  };
}
