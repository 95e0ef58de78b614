// What can be asked of a model about given texts, and what it answers: log-probabilities of every token, or of continuations.
import { z } from 'zod';
import { contextTokens, MAX_TOP_TOKENS, type ScoredToken } from '../../api/generation.ts';

/** Absolute. */
interface WithModel {
  readonly modelPath: string;
}

/** Texts longer than the context are read in windows that overlap by half. */
export const scoreSettings = z.object({
  contextTokens,
  text: z.string(),
  /** Exactly these instead of the text. */
  tokens: z.array(z.number().int().min(0)).nullable().default(null),
  addBos: z.boolean().default(true),
  topTokens: z.number().int().min(0).max(MAX_TOP_TOKENS).default(0),
});
export type ScoreRequest = z.input<typeof scoreSettings> & WithModel;

export type ScoreEvent =
  | { readonly kind: 'loading'; readonly fraction: number }
  /** The next tokens of the text in order, of `total`. */
  | {
      readonly kind: 'tokens';
      readonly tokens: readonly ScoredToken[];
      readonly done: number;
      readonly total: number;
    };

/** Continuations asked for at once: some minutes of work. */
const MAX_SCORE_ITEMS = 20_000;

export const scoreManySettings = z.object({
  contextTokens,
  /**
   * Context and continuation are tokenized together, white space at the end of the context belonging to the
   * continuation; an empty context is the begin token, or the end token where there is none.
   */
  items: z
    .array(z.object({ context: z.string(), continuation: z.string() }))
    .min(1)
    .max(MAX_SCORE_ITEMS),
});
export type ScoreManyRequest = z.input<typeof scoreManySettings> & WithModel;

export interface ScoredContinuation {
  /** Of the continuation. */
  readonly tokens: number;
  /** Sum of natural logarithms. */
  readonly logProbability: number;
  /** Whether each token was the likeliest one. */
  readonly isGreedy: boolean;
  readonly tokenLogProbabilities: readonly number[];
}

export type ScoreManyEvent =
  | { readonly kind: 'loading'; readonly fraction: number }
  /** Results from `from` on, in the order of the items. */
  | {
      readonly kind: 'items';
      readonly from: number;
      readonly items: readonly ScoredContinuation[];
      readonly done: number;
      readonly total: number;
    };
