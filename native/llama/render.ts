// Renders a chat template as transformers does. A template is a program of somebody else: it may throw, and it may not
// end, so it runs under a time limit.
import { runInThisContext } from 'node:vm';
import { Template } from '@huggingface/jinja';
import { templateInput } from '../../core/lib/generation/template-input.ts';
import { RuntimeFailure } from './failure.ts';
import type { Message, ToolDescription } from './protocol.ts';

/** The longest known templates take some milliseconds for a long conversation. */
const TIME_LIMIT_MS = 3000;
/** Far beyond any context that a laptop holds; a template that repeats itself stops here. */
const MAX_PROMPT_CHARACTERS = 16 * 1024 * 1024;

export interface RenderRequest {
  readonly template: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDescription[];
  /** As the vocabulary writes them; empty where there is none. */
  readonly beginToken: string;
  readonly endToken: string;
}

/** Throws RuntimeFailure `template` with what the template said. */
export function renderPrompt(request: RenderRequest): string {
  const { template, messages, tools, beginToken, endToken } = request;
  const input = templateInput(template, messages, tools);
  try {
    const text = limited(() =>
      new Template(template).render({
        ...input,
        add_generation_prompt: true,
        bos_token: beginToken,
        eos_token: endToken,
      }),
    );
    if (text.length > MAX_PROMPT_CHARACTERS) throw new Error('the prompt it made is too long');
    return text;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const isLate = error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    throw new RuntimeFailure('template', isLate ? 'it did not end' : text, error);
  }
}

/** The limit of a script holds for every function that the script calls. */
function limited<T>(work: () => T): T {
  const key = '__nessoRender';
  const slot: Record<string, unknown> = globalThis as unknown as Record<string, unknown>;
  let result: { readonly value: T } | null = null;
  slot[key] = () => {
    result = { value: work() };
  };
  try {
    runInThisContext(`globalThis.${key}()`, { timeout: TIME_LIMIT_MS });
  } finally {
    delete slot[key];
  }
  const done = result as { readonly value: T } | null;
  if (done === null) throw new Error('it gave nothing');
  return done.value;
}
