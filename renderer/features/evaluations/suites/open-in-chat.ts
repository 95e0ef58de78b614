// A cell as a conversation: what was asked, the answer of its first sampler, and the sampler's settings, to be gone on with.
import type { StudioClient } from '../../../../core/api/contract.ts';
import type { Turn } from '../../../../core/api/conversations.ts';
import { sampling as samplingSchema } from '../../../../core/api/generation.ts';
import type { SuiteAnswer } from '../../../../core/api/suites.ts';
import { emptyConversation, titleFrom } from '../../../../core/lib/conversations/new-conversation.ts';
import { messagesOf, type Suite, type SuitePrompt } from '../../../../core/lib/suites/suite.ts';
import { href, navigate } from '../../../app/route.ts';

export async function openInChat(
  client: StudioClient,
  modelPath: string,
  asked: { readonly suite: Suite; readonly prompt: SuitePrompt; readonly answer: SuiteAnswer | undefined },
): Promise<void> {
  const { suite, prompt, answer } = asked;
  const nowMs = Date.now();
  const messages = messagesOf(suite, prompt);
  const [first, ...rest] = messages;
  const systemPrompt = first?.role === 'system' ? first.text : '';
  const turns: Turn[] = [];
  const add = (turn: Pick<Turn, 'role' | 'text'> & Partial<Turn>): void => {
    turns.push({ id: crypto.randomUUID(), parentId: turns.at(-1)?.id ?? null, createdMs: nowMs, ...turn });
  };
  for (const { role, text } of systemPrompt === '' ? messages : rest) {
    if (role !== 'system') add({ role, text });
  }
  if (answer) add({ role: 'assistant', text: answer.text, stopReason: answer.stopReason, modelPath });
  const sampler = suite.samplers.find(({ id }) => id === answer?.sampler) ?? suite.samplers[0];
  const { id: _, ...settings } = sampler ?? { id: '' };
  const conversation = {
    ...emptyConversation(crypto.randomUUID(), modelPath, nowMs),
    title: titleFrom(`${prompt.id}: ${turns[0]?.text ?? ''}`),
    mode: prompt.input.kind,
    systemPrompt,
    sampling: samplingSchema.parse({ ...settings, maxTokens: prompt.maxTokens, stopTexts: prompt.stopTexts }),
    turns,
  };
  await client.conversations.save({ conversation, baseVersion: null });
  navigate(href('models', modelPath, { chat: conversation.id }));
}
