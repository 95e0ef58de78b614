// What is on screen of one conversation: its tree, the answer being written, what went wrong. Data alone.
import type { Conversation, TokenColumns } from '../../../../../core/api/conversations.ts';
import type { AnswerFeed } from './answer-feed.ts';

export type AnswerPhase =
  | { readonly kind: 'loading'; readonly fraction: number }
  | { readonly kind: 'reading'; readonly tokens: number; readonly reusedTokens: number }
  | { readonly kind: 'writing' };

/** The answer being written now. */
export interface LiveAnswer {
  /** The turn it follows. */
  readonly parentId: string | null;
  readonly phase: AnswerPhase;
  readonly feed: AnswerFeed;
}

export interface ChatState {
  readonly conversation: Conversation;
  readonly answer: LiveAnswer | null;
  /** Why the last answer failed; what was written until then is a turn. */
  readonly problem: unknown;
  /** Why the conversation is not on disk as it is here. */
  readonly saveProblem: unknown;
}

/** How an answer begins, with its tokens where they are known. */
export interface StartedAnswer {
  readonly text: string;
  readonly tokens: TokenColumns | null;
}

export function newId(): string {
  return crypto.randomUUID();
}
