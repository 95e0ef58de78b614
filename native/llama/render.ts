// Renders a chat template as transformers does. A template is a program of somebody else: it may throw, and where it is
// rendered has limits (template-room.ts).
import { Template } from '@huggingface/jinja';
import { templateInput } from '../../core/lib/generation/template-input.ts';
import { BOUNDED_RANGE, boundedRange, boundRanges } from '../../core/lib/generation/template-limits.ts';
import type { Message, ToolDescription } from './protocol.ts';

/** Far beyond any context that a laptop holds; a template that repeats itself stops here. */
export const MAX_PROMPT_CHARACTERS = 16 * 1024 * 1024;

export interface RenderRequest {
  readonly template: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDescription[];
  /** As the vocabulary writes them; empty where there is none. */
  readonly beginToken: string;
  readonly endToken: string;
}

/** Throws what the template throws. */
export function renderPrompt({ template, messages, tools, beginToken, endToken }: RenderRequest): string {
  const program = boundRanges(new Template(template));
  return program.render({
    ...templateInput(template, messages, tools),
    add_generation_prompt: true,
    bos_token: beginToken,
    eos_token: endToken,
    [BOUNDED_RANGE]: boundedRange,
  });
}
