// One answer of a suite as it is kept: a line of evals/suites/<suite>/<model>.jsonl. Verdicts are not kept: checks are judged
// when results are read, so a changed check costs no new answer.
import { z } from 'zod';
import type { Suite, SuitePrompt, SuiteSampler } from './suite.ts';
import { messagesOf } from './suite.ts';

/** Raised when the same inputs would give other answers. */
const KEY_VERSION = 1;

export const suiteResult = z.object({
  /** See `answerInputs`. */
  key: z.string(),
  prompt: z.string(),
  sampler: z.string(),
  text: z.string(),
  tokens: z.number(),
  promptTokens: z.number(),
  /** `end` by the model's own end or a stop text, `max-tokens`, `context-full`. */
  stopReason: z.string(),
  tokensPerSecond: z.number(),
  createdMs: z.number(),
  /** Workspace path of the model that answered, as it was then. */
  model: z.string(),
  /** Which weights, and which template: what of the key the suite's file does not say. */
  identity: z.string(),
  template: z.string(),
});
export type SuiteResult = z.infer<typeof suiteResult>;

/** Null when it cannot be read: half a line after a kill, or a line of something else. */
export function parseResult(line: string): SuiteResult | null {
  try {
    const parsed = suiteResult.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * Everything an answer depends on, as text whose SHA-256 is the key of the answer: the weights (`nesso.source.sha256` and the
 * type; where the file does not say, its path, size and time), the SHA-256 of the chat template (empty for raw prompts), the
 * messages with the system prompt or the raw text, the sampler with its seed, the limit of tokens and the stop texts. The name of
 * the suite, the id of the prompt and its checks are no part of it.
 */
export function answerInputs(
  model: { readonly identity: string; readonly templateHash: string },
  own: Suite,
  prompt: SuitePrompt,
  sampler: SuiteSampler,
): string {
  const { id: _, ...settings } = sampler;
  const isRaw = prompt.input.kind === 'raw';
  return JSON.stringify([
    KEY_VERSION,
    model.identity,
    isRaw ? '' : model.templateHash,
    prompt.input.kind,
    messagesOf(own, prompt).map(({ role, text }) => [role, text]),
    Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)),
    prompt.maxTokens,
    prompt.stopTexts,
  ]);
}
