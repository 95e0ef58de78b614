// A prompt as the tokens that the model reads: rendered, tokenized, with an answer's beginning forced onto it.
import { RuntimeFailure } from './failure.ts';
import type { Model } from './model.ts';
import type { Prompt, PromptToken } from './protocol.ts';
import type { TemplateRoom } from './template-room.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface PreparedPrompt {
  readonly text: string;
  readonly tokens: readonly number[];
  /** Of the tokens, those at the end that belong to the answer. */
  readonly begun: number;
}

/** `template` is the model's own; null where it has none, and it is rendered in `room`. Throws `no-template`, `template`, `input` and `too-long`. */
export async function preparePrompt(
  model: Model,
  { template, room }: { readonly template: string | null; readonly room: TemplateRoom },
  prompt: Prompt,
): Promise<PreparedPrompt> {
  const { vocabulary } = model;
  if (prompt.kind === 'raw') {
    refuseHuge(model, prompt.text.length);
    const tokens = prompt.addBos
      ? vocabulary.tokenizeWithBegin(prompt.text)
      : vocabulary.tokenize(prompt.text);
    const forced = checked(vocabulary, prompt.tokens ?? []);
    return {
      text: prompt.text + textOf(vocabulary, forced),
      tokens: [...tokens, ...forced],
      begun: forced.length,
    };
  }
  const used = prompt.template ?? template;
  if (used === null || used === '') throw new RuntimeFailure('no-template', 'The model has no chat template');
  const rendered = await room.render({
    template: used,
    messages: prompt.messages,
    tools: prompt.tools,
    beginToken: vocabulary.written(vocabulary.begin),
    endToken: vocabulary.written(vocabulary.end),
  });
  const start = prompt.answerStart;
  refuseHuge(model, rendered.length + (start?.text.length ?? 0));
  const before = vocabulary.tokenize(rendered);
  if (start === null) return { text: rendered, tokens: before, begun: 0 };
  if (start.tokens !== null) {
    const forced = checked(vocabulary, start.tokens);
    return {
      text: rendered + textOf(vocabulary, forced),
      tokens: [...before, ...forced],
      begun: forced.length,
    };
  }
  const tokens = vocabulary.tokenize(rendered + start.text);
  return { text: rendered + start.text, tokens, begun: Math.max(0, tokens.length - before.length) };
}

export function promptTokens(vocabulary: Vocabulary, tokens: readonly number[]): PromptToken[] {
  return tokens.map((id) => ({ id, text: vocabulary.text(id), special: vocabulary.piece(id).isControl }));
}

/** Characters per token of the context: no text that fits has more, and tokenizing a far longer one takes seconds. */
const CHARACTERS_PER_TOKEN = 200;

function refuseHuge({ contextTokens }: Model, characters: number): void {
  if (characters <= contextTokens * CHARACTERS_PER_TOKEN) return;
  throw new RuntimeFailure('too-long', `${characters} characters in a context of ${contextTokens} tokens`);
}

export function checked(vocabulary: Vocabulary, tokens: readonly number[]): readonly number[] {
  const unknown = tokens.find((id) => !vocabulary.has(id));
  if (unknown === undefined) return tokens;
  throw new RuntimeFailure('input', `Token ${unknown} is not in the vocabulary of ${vocabulary.size}`);
}

/** Of several tokens together: a character may be spread over them. */
export function textOf(vocabulary: Vocabulary, tokens: readonly number[]): string {
  const decoder = new TextDecoder();
  return (
    tokens.map((id) => decoder.decode(vocabulary.piece(id).bytes, { stream: true })).join('') +
    decoder.decode()
  );
}
