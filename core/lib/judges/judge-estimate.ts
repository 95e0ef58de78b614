// What judging will cost, before it begins: tokens, money where prices are known, time where a rate was measured.

export interface EstimateInput {
  readonly documents: number;
  readonly samples: number;
  /** Tokens of one prompt, mean over the documents looked at. */
  readonly meanPromptTokens: number;
  /** Tokens of one answer. */
  readonly meanAnswerTokens: number;
  /** True: a request asks for all samples and the prompt is counted once. */
  readonly sharedPrompt: boolean;
  /** Per million tokens, in whatever currency the person thinks in. */
  readonly pricePerMillion: { readonly input: number; readonly output: number } | null;
  /** Null when nothing was measured yet. */
  readonly documentsPerSecond: number | null;
}

export interface JudgeEstimate {
  readonly documents: number;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: number | null;
  readonly seconds: number | null;
}

/** An answer of at most 100 words and the score, as the shipped prompts ask for: 100 × 1.3 tokens and a little. */
export const EXPECTED_ANSWER_TOKENS = 150;

export function estimateJudging(input: EstimateInput): JudgeEstimate {
  const { documents, samples, pricePerMillion: price } = input;
  const requests = documents * (input.sharedPrompt ? 1 : samples);
  const inputTokens = Math.round(requests * input.meanPromptTokens);
  const outputTokens = Math.round(documents * samples * input.meanAnswerTokens);
  return {
    documents,
    requests,
    inputTokens,
    outputTokens,
    cost: price === null ? null : costOf(inputTokens, outputTokens, price),
    seconds:
      input.documentsPerSecond === null || input.documentsPerSecond <= 0
        ? null
        : documents / input.documentsPerSecond,
  };
}

export function costOf(
  inputTokens: number,
  outputTokens: number,
  price: { readonly input: number; readonly output: number },
): number {
  return (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
}
