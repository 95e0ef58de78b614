// What the child is asked and answers, in the words of its parent: questions with one answer, and work that streams.
import type { Reply } from './inbox.ts';
import type { ToChild } from './protocol.ts';

/** Questions with one answer, and what answers them. */
const answersTo = {
  tokenize: 'tokenized',
  render: 'rendered',
  distributions: 'distributed',
  embed: 'embedded',
} as const;
export type QuestionKind = keyof typeof answersTo;
type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;
export type LlamaQuestion<K extends QuestionKind = QuestionKind> = Unnumbered<
  Extract<ToChild, { kind: K }>
> & {
  readonly kind: K;
};
export type LlamaReply<K extends QuestionKind> = Extract<Reply, { kind: (typeof answersTo)[K] }>;

/** Work that is answered by a stream. */
export type LlamaWork = Unnumbered<Extract<ToChild, { kind: 'answer' | 'score' | 'score-many' }>>;

export type LlamaEvent =
  | { readonly kind: 'loading'; readonly fraction: number }
  | { readonly kind: 'loaded'; readonly loadMs: number }
  | Extract<Reply, { kind: 'prompt' | 'text' | 'done' | 'scores' | 'scored-items' | 'end' }>;

const eventKinds: ReadonlySet<string> = new Set(['prompt', 'text', 'done', 'scores', 'scored-items', 'end']);

export function isEvent(reply: Reply): reply is Extract<LlamaEvent, Reply> {
  return eventKinds.has(reply.kind);
}

export function answers<K extends QuestionKind>(reply: Reply, kind: K): reply is LlamaReply<K> {
  return reply.kind === answersTo[kind];
}
