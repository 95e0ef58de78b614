// An estimate over the chosen documents: prompts of some of them are built and counted, never sent.
import {
  estimateJudging,
  EXPECTED_ANSWER_TOKENS,
  type JudgeEstimate,
} from '../../lib/judges/judge-estimate.ts';
import { promptBuilder } from '../../lib/judges/judge-prompt.ts';
import { type Prepared } from './prepare.ts';

/** Their mean is within a few per cent of that of all, and counting them takes no second. */
const LOOKED_AT = 200;

export interface JudgingEstimate extends JudgeEstimate {
  /** How many prompts the mean rests on. */
  readonly lookedAt: number;
  readonly meanPromptTokens: number;
  readonly meanAnswerTokens: number;
  /** Of those looked at. */
  readonly truncatedShare: number;
  readonly emptyDocuments: number;
  readonly tokenLabel: string;
}

export async function estimatePrepared(
  prepared: Prepared,
  measured: {
    readonly answerTokens: number | null;
    readonly documentsPerSecond: number | null;
    readonly sharedPrompt: boolean;
  },
  signal: AbortSignal,
): Promise<JudgingEstimate> {
  const { judgement, meter } = prepared;
  const { sampling } = judgement.judge.template;
  const builder = await promptBuilder(judgement.judge.template, meter);
  let lookedAt = 0;
  let tokens = 0;
  let truncated = 0;
  for await (const { text } of prepared.documents(signal)) {
    const prompt = await builder.build(text, signal);
    lookedAt += 1;
    tokens += prompt.tokens;
    if (prompt.truncated) truncated += 1;
    if (lookedAt >= LOOKED_AT) break;
  }
  const meanPromptTokens = lookedAt === 0 ? 0 : tokens / lookedAt;
  const meanAnswerTokens = measured.answerTokens ?? Math.min(EXPECTED_ANSWER_TOKENS, sampling.max_tokens);
  return {
    ...estimateJudging({
      documents: judgement.documents,
      samples: sampling.samples,
      meanPromptTokens,
      meanAnswerTokens,
      sharedPrompt: measured.sharedPrompt,
      pricePerMillion: judgement.price,
      documentsPerSecond: measured.documentsPerSecond,
    }),
    lookedAt,
    meanPromptTokens,
    meanAnswerTokens,
    truncatedShare: lookedAt === 0 ? 0 : truncated / lookedAt,
    emptyDocuments: judgement.emptyDocuments,
    tokenLabel: meter.label,
  };
}
