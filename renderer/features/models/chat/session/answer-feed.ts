// The answer that is being written, outside React: text and tokens as they come, for whoever draws them at once.
import type { TokenColumns } from '../../../../../core/api/conversations.ts';
import type { Token } from '../../../../../core/api/generation.ts';
import { copyOfTokens, noTokens, pushTokens } from '../../../../../core/lib/conversations/token-columns.ts';

type Listener = () => void;

export interface AnswerFeed {
  /** So far, with what it began with. */
  readonly text: string;
  /** So far; grows in place. */
  readonly tokens: TokenColumns;
  /** Generated so far, without what it began with. */
  readonly count: number;
  readonly firstAtMs: number | null;
  append(text: string, tokens: readonly Token[], count: number): void;
  /** The token that ended the answer: not part of its text, but of its tokens. */
  end(token: Token): void;
  /** Called after each new piece was added. */
  subscribe(listener: Listener): () => void;
}

export function createAnswerFeed(start: {
  readonly text: string;
  readonly tokens: TokenColumns | null;
}): AnswerFeed {
  const listeners = new Set<Listener>();
  const tokens = copyOfTokens(start.tokens ?? noTokens);
  let text = start.text;
  let count = 0;
  let firstAtMs: number | null = null;
  return {
    get text() {
      return text;
    },
    get count() {
      return count;
    },
    get firstAtMs() {
      return firstAtMs;
    },
    tokens,
    append(added, addedTokens, generated) {
      firstAtMs ??= performance.now();
      text += added;
      count = generated;
      pushTokens(tokens, addedTokens);
      for (const listener of listeners) listener();
    },
    end(token) {
      pushTokens(tokens, [{ ...token, special: true }]);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
