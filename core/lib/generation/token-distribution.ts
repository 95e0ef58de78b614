// Logits over the whole vocabulary as what a person asks of them: the log-probability of one token, the entropy, and the
// likeliest tokens. Natural logarithms, temperature 1, no sampler. Knows no runtime.

export interface TokenDistribution {
  readonly logProbability: number;
  /** In nats. */
  readonly entropy: number;
  /** Likeliest first. */
  readonly top: readonly { readonly id: number; readonly logProbability: number }[];
}

/** The likeliest tokens, of equal ones the first; then the whole distribution summed up. */
export function describeToken(logits: Float32Array, token: number, topCount: number): TokenDistribution {
  const ids = likeliest(logits, Math.max(1, topCount));
  const highest = logits[ids[0] ?? 0] ?? 0;
  const { logSum, entropy } = summed(logits, highest);
  const logProbability = (id: number) => (logits[id] ?? Number.NaN) - highest - logSum;
  return {
    logProbability: logProbability(token),
    entropy,
    top: ids.slice(0, topCount).map((id) => ({ id, logProbability: logProbability(id) })),
  };
}

/** Log-probabilities of all tokens, in place. */
export function toLogProbabilities(logits: Float32Array): Float32Array {
  const highest = logits[likeliest(logits, 1)[0] ?? 0] ?? 0;
  const { logSum } = summed(logits, highest);
  for (let id = 0; id < logits.length; id += 1) logits[id] = (logits[id] ?? 0) - highest - logSum;
  return logits;
}

/** Sum of the exponentials as a logarithm, and the entropy, both relative to the highest logit. */
function summed(
  logits: Float32Array,
  highest: number,
): { readonly logSum: number; readonly entropy: number } {
  let sum = 0;
  let weighted = 0;
  // Indexed: an iterator over 128k values takes several times as long.
  for (let id = 0; id < logits.length; id += 1) {
    const below = (logits[id] ?? 0) - highest;
    const weight = Math.exp(below);
    sum += weight;
    // A forbidden token (minus infinity) has no weight; 0 × ∞ would be no number.
    if (weight > 0) weighted += weight * below;
  }
  const logSum = Math.log(sum);
  return { logSum, entropy: Math.max(0, logSum - weighted / sum) };
}

/** Ids of the highest logits, highest first. */
export function likeliest(logits: Float32Array, count: number): number[] {
  const ids: number[] = [];
  let lowest = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < logits.length; id += 1) {
    const value = logits[id] ?? 0;
    if (ids.length === count && value <= lowest) continue;
    let at = ids.length;
    while (at > 0 && (logits[ids[at - 1] ?? 0] ?? 0) < value) at -= 1;
    ids.splice(at, 0, id);
    if (ids.length > count) ids.pop();
    if (ids.length === count) lowest = logits[ids[count - 1] ?? 0] ?? 0;
  }
  return ids;
}
