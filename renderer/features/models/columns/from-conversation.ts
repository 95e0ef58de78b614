// A comparison that begins with a conversation: its questions, and its own answers as the first column.
import type { Conversation, Turn } from '../../../../core/api/conversations.ts';
import { answerStatistics, stopReason } from '../../../../core/api/generation.ts';
import { shownPath } from '../../../../core/lib/conversations/tree.ts';
import { askedWith, type Column, type ColumnAnswer, settingsOf } from './compare-state.ts';

export interface Begun {
  readonly questions: string[];
  readonly column: Column;
}

/** The shown branch up to the first question that was not answered as text: what tools said cannot be asked of others. */
export function fromConversation(conversation: Conversation, first: Column): Begun {
  const { mode, systemPrompt, template, sampling } = conversation;
  const column: Column = {
    ...first,
    modelPath: conversation.modelPath ?? first.modelPath,
    mode,
    systemPrompt,
    template,
    sampling,
    answers: [],
  };
  const questions: string[] = [];
  const answers: (ColumnAnswer | null)[] = [];
  for (const turn of shownPath(conversation)) {
    if (turn.role === 'user') {
      questions.push(turn.text);
      answers.push(null);
    } else if (turn.role === 'assistant' && questions.length > 0) {
      answers[questions.length - 1] = answerOf(turn, askedWith(settingsOf(column)));
    }
  }
  return { questions, column: { ...column, answers } };
}

function answerOf({ text, tokens, statistics, stopReason: ended }: Turn, asked: string): ColumnAnswer {
  const reason = stopReason.safeParse(ended);
  return {
    text,
    tokenIds: tokens?.ids ?? [],
    tokenTexts: tokens?.texts ?? [],
    special: tokens?.special ?? [],
    logProbabilities: (tokens?.logProbabilities ?? []).map((value) => value ?? 0),
    stopReason: reason.data ?? 'end',
    statistics:
      statistics ??
      answerStatistics.parse({ tokens: 0, promptTokens: 0, timeToFirstTokenMs: 0, tokensPerSecond: 0 }),
    asked,
  };
}
