// What a model is asked for a turn of a conversation: the turns before it as messages, or as one text in raw mode.
import type { Conversation, Turn } from '../../api/conversations.ts';
import type { ChatMessage, Prompt } from '../../api/generation.ts';

/** How an answer begins when a person decides it: text, and its exact tokens where they are known. */
export interface AnswerStart {
  readonly text: string;
  readonly tokens: readonly number[] | null;
}

/** `before` is the path up to the answer. */
export function promptFor(
  conversation: Conversation,
  before: readonly Turn[],
  start: AnswerStart | null,
): Prompt {
  if (conversation.mode === 'raw') {
    const text = before.map((turn) => turn.text).join('');
    return {
      kind: 'raw',
      text: start && start.tokens === null ? text + start.text : text,
      addBos: conversation.addBos,
      tokens: start?.tokens ? [...start.tokens] : null,
    };
  }
  return {
    kind: 'chat',
    messages: messagesOf(conversation, before),
    template: conversation.template,
    tools: conversation.tools,
    answerStart: start ? { text: start.text, tokens: start.tokens ? [...start.tokens] : null } : null,
  };
}

export function messagesOf(
  conversation: Pick<Conversation, 'systemPrompt'>,
  path: readonly Turn[],
): ChatMessage[] {
  const system = conversation.systemPrompt.trim();
  return [
    ...(system === '' ? [] : [{ role: 'system' as const, text: conversation.systemPrompt }]),
    ...path.map(({ role, text, toolCalls, toolCallId, toolName }) => ({
      role,
      text,
      ...(toolCalls && toolCalls.length > 0 ? { toolCalls } : {}),
      ...(toolCallId === undefined ? {} : { toolCallId }),
      ...(toolName === undefined ? {} : { toolName }),
    })),
  ];
}
