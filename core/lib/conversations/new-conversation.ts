// A conversation that begins, or a copy of one.
import { type Conversation, DEFAULT_TOP_TOKENS, type Turn } from '../../api/conversations.ts';
import { sampling } from '../../api/generation.ts';

export const NEW_TITLE = 'New conversation';
const TITLE_CHARACTERS = 48;

export function emptyConversation(id: string, modelPath: string | null, nowMs: number): Conversation {
  return {
    format: 2,
    id,
    title: NEW_TITLE,
    modelPath,
    mode: 'chat',
    systemPrompt: '',
    template: null,
    tools: [],
    mockAnswers: {},
    answerFormat: null,
    sampling: sampling.parse({}),
    topTokens: DEFAULT_TOP_TOKENS,
    addBos: true,
    contextTokens: null,
    threads: null,
    turns: [],
    chosen: {},
    createdMs: nowMs,
    changedMs: nowMs,
  };
}

/** Everything that was set, without the turns. */
export function newConversationLike(like: Conversation, id: string, nowMs: number): Conversation {
  return { ...like, id, title: NEW_TITLE, turns: [], chosen: {}, createdMs: nowMs, changedMs: nowMs };
}

export function copyOfConversation(conversation: Conversation, id: string, nowMs: number): Conversation {
  return { ...conversation, id, title: `${conversation.title} (copy)`, createdMs: nowMs, changedMs: nowMs };
}

/** What a conversation is called before a person names it: the first line of what was asked. */
export function titleFrom(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > TITLE_CHARACTERS ? `${line.slice(0, TITLE_CHARACTERS).trimEnd()}…` : line || NEW_TITLE;
}

/** Turns without the probabilities of their tokens, to make a file smaller; the newest `keep` answers keep theirs. */
export function withoutTokenDetail(turns: readonly Turn[], keep: number): Turn[] {
  const detailed = turns.filter(({ tokens }) => tokens !== undefined);
  const kept = new Set(detailed.slice(detailed.length - Math.min(keep, detailed.length)).map(({ id }) => id));
  return turns.map((turn) => {
    if (turn.tokens === undefined || kept.has(turn.id)) return turn;
    const { tokens: _tokens, ...rest } = turn;
    return rest;
  });
}
