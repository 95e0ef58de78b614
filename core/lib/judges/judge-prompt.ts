// The one user message a model gets about a document: whitespace as the judge wants it, cut by tokens so that prompt and answer fit.
import { StudioError } from '../../api/errors.ts';
import { type JudgeTemplate, PLACEHOLDER } from './judge-template.ts';
import type { CutText } from '../tokenizers/cut-text.ts';
import { cutByEstimate, estimateTokens, type TokenMeter } from './token-meter.ts';

/** What a chat template puts around one user message; the longest of Llama, Gemma, Mistral and Qwen takes 36. */
const CHAT_TEMPLATE_TOKENS = 48;

export interface JudgePrompt {
  readonly text: string;
  /** By the meter, without what the chat template adds. */
  readonly tokens: number;
  /** Of the document, after whitespace was collapsed and it was cut. */
  readonly documentCharacters: number;
  /** The document was longer than the context leaves room for. */
  readonly truncated: boolean;
}

/** A run of white space, line breaks included, becomes one space. */
export function collapseWhitespace(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

export interface PromptBuilder {
  /** Tokens that a document may have. */
  readonly documentTokens: number;
  build(document: string, signal?: AbortSignal): Promise<JudgePrompt>;
}

/** Throws INVALID_INPUT when the prompt alone leaves no room for a document. */
export async function promptBuilder(judge: JudgeTemplate, meter: TokenMeter): Promise<PromptBuilder> {
  const [before = '', after = ''] = judge.prompt.split(PLACEHOLDER);
  const own = (await meter.count(before)) + (await meter.count(after));
  const documentTokens = roomFor(judge, own);
  return {
    documentTokens,
    async build(document, signal) {
      const whole = readOf(judge, document);
      return promptOf(judge, whole, own, await meter.cut(whole, documentTokens, signal));
    },
  };
}

/** By the estimate, at once: to look at one. Throws like `promptBuilder`. */
export function estimatedPrompt(judge: JudgeTemplate, document: string): JudgePrompt {
  const [before = '', after = ''] = judge.prompt.split(PLACEHOLDER);
  const own = estimateTokens(before) + estimateTokens(after);
  const whole = readOf(judge, document);
  return promptOf(judge, whole, own, cutByEstimate(whole, roomFor(judge, own)));
}

function roomFor({ sampling }: JudgeTemplate, own: number): number {
  const { context, max_tokens: answer } = sampling;
  const documentTokens = context - answer - own - CHAT_TEMPLATE_TOKENS;
  if (documentTokens >= 1) return documentTokens;
  throw new StudioError(
    'INVALID_INPUT',
    `A context of ${context} tokens leaves no room for a document: the prompt takes ${own} and the answer ${answer}`,
    { hint: 'Raise the context to what the model has, or lower the tokens of an answer' },
  );
}

function readOf({ whitespace }: JudgeTemplate, document: string): string {
  return whitespace === 'collapse' ? collapseWhitespace(document) : document.trim();
}

function promptOf(judge: JudgeTemplate, whole: string, own: number, { text, tokens }: CutText): JudgePrompt {
  const [before = '', after = ''] = judge.prompt.split(PLACEHOLDER);
  return {
    text: `${before}${text}${after}`,
    tokens: own + tokens,
    documentCharacters: text.length,
    truncated: text.length < whole.length,
  };
}
