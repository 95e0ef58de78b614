// A column as a conversation of its own: what was asked and answered, and how.
import type { StudioClient } from '../../../../core/api/contract.ts';
import type { Turn } from '../../../../core/api/conversations.ts';
import { emptyConversation, titleFrom } from '../../../../core/lib/conversations/new-conversation.ts';
import type { Column, ColumnAnswer } from './compare-state.ts';

/** Gives the title of the conversation. Questions that are not answered are left out, with what follows. */
export async function keepAsConversation(
  client: StudioClient,
  column: Column,
  questions: readonly string[],
): Promise<string> {
  const nowMs = Date.now();
  const answered = questions.findIndex((_, at) => (column.answers[at] ?? null) === null);
  const asked = answered < 0 ? questions : questions.slice(0, answered);
  const turns: Turn[] = [];
  for (const [at, question] of asked.entries()) {
    const answer = column.answers[at];
    if (!answer) break;
    const parentId = turns.at(-1)?.id ?? null;
    const id = crypto.randomUUID();
    turns.push({ id, parentId, role: 'user', text: question, createdMs: nowMs });
    turns.push(answerTurn(column, answer, { parentId: id, createdMs: nowMs }));
  }
  const title = titleFrom(questions[0] ?? '');
  const { mode, systemPrompt, template, sampling, modelPath } = column;
  const conversation = {
    ...emptyConversation(crypto.randomUUID(), modelPath, nowMs),
    title,
    mode,
    systemPrompt,
    template,
    sampling,
    turns,
  };
  await client.conversations.save({ conversation, baseVersion: null });
  return title;
}

function answerTurn(
  { modelPath, sampling }: Column,
  { text, statistics, stopReason, tokenIds, tokenTexts, logProbabilities, special }: ColumnAnswer,
  place: Pick<Turn, 'parentId' | 'createdMs'>,
): Turn {
  const tokens = {
    ids: tokenIds,
    texts: tokenTexts,
    logProbabilities,
    entropies: tokenIds.map(() => null),
    topIds: tokenIds.map(() => []),
    topLogProbabilities: tokenIds.map(() => []),
    pieces: {},
    special,
    forced: [],
  };
  return {
    ...place,
    id: crypto.randomUUID(),
    role: 'assistant',
    text,
    ...(tokenIds.length === 0 ? {} : { tokens }),
    statistics,
    stopReason,
    modelPath,
    sampling,
  };
}
