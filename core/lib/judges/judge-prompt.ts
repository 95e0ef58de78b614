// The one user message a model gets about a document: whitespace as the judge wants it, cut by tokens so that prompt and answer fit.
import { StudioError } from '../../api/errors.ts';
import { type JudgeTemplate, PLACEHOLDER } from './judge-template.ts';
import type { TokenMeter } from './token-meter.ts';

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
  const { context, max_tokens: answer } = judge.sampling;
  const documentTokens = context - answer - own - CHAT_TEMPLATE_TOKENS;
  if (documentTokens < 1) {
    throw new StudioError(
      'INVALID_INPUT',
      `A context of ${context} tokens leaves no room for a document: the prompt takes ${own} and the answer ${answer}`,
      { hint: 'Raise the context to what the model has, or lower the tokens of an answer' },
    );
  }
  return {
    documentTokens,
    async build(document, signal) {
      const whole = judge.whitespace === 'collapse' ? collapseWhitespace(document) : document.trim();
      const { text: part, tokens } = await meter.cut(whole, documentTokens, signal);
      return {
        text: `${before}${part}${after}`,
        tokens: own + tokens,
        documentCharacters: part.length,
        truncated: part.length < whole.length,
      };
    },
  };
}
