// What a prompt suite says: prompts, how they are sampled, and what an answer must fulfil. Knows neither files nor models.
import { z } from 'zod';
import { check } from './check.ts';

/** More prompts than a person reads; a larger set belongs to an evaluation harness. */
export const MAX_PROMPTS = 2000;
/** A grid has one column of answers for each. */
export const MAX_SAMPLERS = 16;
export const MAX_CHECKS = 32;
/** A prompt longer than this does not fit the contexts that small models have. */
const MAX_PROMPT_CHARACTERS = 200_000;
const MAX_ANSWER_TOKENS = 8192;
const MAX_MESSAGES = 200;

/** ISO 639, with a script or a region where it matters. */
export const languageCode = z
  .string()
  .regex(/^[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?$/, 'must be a language code such as it or en');

/** What stands in links, files and tables. */
export const promptId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, 'must be letters, digits, - _ or . and at most 80 characters');

const promptText = z.string().min(1, 'must not be empty').max(MAX_PROMPT_CHARACTERS);

export const suiteMessage = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  text: promptText,
});
export type SuiteMessage = z.infer<typeof suiteMessage>;

export const suitePrompt = z.object({
  id: promptId,
  /** Null: that of the suite. */
  language: languageCode.nullable(),
  domain: z.string().min(1).max(100).nullable(),
  /** `raw` is continued as it is, with the begin token and without a template; for base models. */
  input: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('chat'), messages: z.array(suiteMessage).min(1).max(MAX_MESSAGES) }),
    z.object({ kind: z.literal('raw'), text: promptText }),
  ]),
  checks: z.array(check).max(MAX_CHECKS),
  maxTokens: z.number().int().min(1).max(MAX_ANSWER_TOKENS),
  /** The answer ends before the first of these. */
  stopTexts: z.array(z.string().min(1).max(200)).max(16),
});
export type SuitePrompt = z.infer<typeof suitePrompt>;

export const suiteSampler = z.object({
  /** `greedy`, or `t 0.7 seed 1`: names the answers of a cell. */
  id: z.string(),
  temperature: z.number().min(0).max(5),
  topK: z.number().int().min(0),
  topP: z.number().min(0).max(1),
  minP: z.number().min(0).max(1),
  repeatPenalty: z.number().min(0.5).max(2),
  /** Null for greedy answers, which need none. */
  seed: z.number().int().min(0).max(4_294_967_294).nullable(),
});
export type SuiteSampler = z.infer<typeof suiteSampler>;

export const suite = z.object({
  title: z.string().min(1).max(200),
  description: z.string().max(5000),
  language: languageCode.nullable(),
  /** Before the messages of every chat prompt that has no system message of its own; empty for none. */
  systemPrompt: z.string().max(MAX_PROMPT_CHARACTERS),
  samplers: z.array(suiteSampler).min(1).max(MAX_SAMPLERS),
  prompts: z.array(suitePrompt).min(1).max(MAX_PROMPTS),
});
export type Suite = z.infer<typeof suite>;

export const GREEDY: SuiteSampler = {
  id: 'greedy',
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repeatPenalty: 1,
  seed: null,
};

/** What the model is given: the suite's system prompt first, where the prompt has none. */
export function messagesOf(own: Suite, prompt: SuitePrompt): readonly SuiteMessage[] {
  if (prompt.input.kind === 'raw') return [{ role: 'user', text: prompt.input.text }];
  const { messages } = prompt.input;
  if (own.systemPrompt === '' || messages[0]?.role === 'system') return messages;
  return [{ role: 'system', text: own.systemPrompt }, ...messages];
}
