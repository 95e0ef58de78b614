// A chat template rendered as transformers renders it, with the tokens its tokenizer names.
import { Template } from '@huggingface/jinja';
import { BOUNDED_RANGE, boundedRange, boundRanges } from '../../../lib/generation/template-limits.ts';
import type { ProbeMessage } from '../../../lib/verification/probes.ts';
import type { TokenizerSettings } from '../../../lib/conversion/tokenizer-metadata.ts';

export type Rendered =
  | { readonly kind: 'text'; readonly text: string }
  /** The template refuses such a conversation, in its own words. */
  | { readonly kind: 'refused'; readonly reason: string };

/** `settings.chatTemplate` is not null. */
export function renderTemplate(settings: TokenizerSettings, messages: readonly ProbeMessage[]): Rendered {
  try {
    const text = boundRanges(new Template(settings.chatTemplate ?? '')).render({
      messages: messages.map(({ role, text: content }) => ({ role, content })),
      add_generation_prompt: true,
      bos_token: settings.beginToken ?? '',
      eos_token: settings.endToken ?? '',
      [BOUNDED_RANGE]: boundedRange,
    });
    return { kind: 'text', text };
  } catch (error) {
    return { kind: 'refused', reason: error instanceof Error ? error.message : String(error) };
  }
}
