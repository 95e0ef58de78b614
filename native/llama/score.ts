// Probabilities of given tokens: of a whole text in windows, of continuations, of everything that may follow.
import { describeToken, toLogProbabilities } from '../../core/lib/generation/token-distribution.ts';
import { RuntimeFailure } from './failure.ts';
import type { Model } from './model.ts';
import { checked } from './prompt.ts';
import { BATCH_TOKENS, type ScoredItem, type ScoredToken } from './protocol.ts';

export interface ScoreOptions {
  readonly topTokens: number;
  readonly onTokens: (tokens: readonly ScoredToken[]) => void;
  readonly signal: AbortSignal;
}

/**
 * Texts beyond the context are read in windows that overlap by half, so that every token but those of the first window
 * has at least half a context before it. `onTokens` gets them in order.
 */
export async function scoreTokens(
  model: Model,
  tokens: readonly number[],
  { topTokens, onTokens, signal }: ScoreOptions,
): Promise<void> {
  const [first] = tokens;
  if (first === undefined) return;
  onTokens([unscored(model, first)]);
  const window = model.contextTokens;
  const step = Math.max(1, Math.floor(window / 2));
  let scored = 1;
  for (let start = 0; scored < tokens.length; start += step) {
    const part = tokens.slice(start, start + window);
    model.keep(0);
    // What is asked about token i stands after token i − 1.
    await ask(model, part, {
      from: scored - start - 1,
      upTo: part.length - 1,
      signal,
      onLogits(index, logits) {
        const next = tokens[start + index + 1];
        if (next === undefined) return;
        onTokens([scoredToken(model, logits, next, topTokens)]);
        scored += 1;
      },
    });
  }
}

interface AskOptions {
  /** The first and one past the last token after which the logits are wanted. */
  readonly from: number;
  readonly upTo: number;
  readonly signal?: AbortSignal;
  readonly onLogits: (index: number, logits: Float32Array) => void;
}

/** Evaluates tokens and hands over the logits after some of them. */
async function ask(
  model: Model,
  tokens: readonly number[],
  { from, upTo, signal, onLogits }: AskOptions,
): Promise<void> {
  let at = 0;
  while (at < upTo) {
    if (signal?.aborted) throw new RuntimeFailure('stopped', 'Scoring was stopped');
    // Tokens that nobody asks about go in large pieces.
    const room = at < from ? Math.min(BATCH_TOKENS, from - at) : model.outputs;
    const part = tokens.slice(at, Math.min(upTo, at + room));
    const wanted = at < from ? [] : part.map((_, index) => index);
    await model.evaluate(part, wanted, signal);
    for (const index of wanted) onLogits(at + index, model.logits(index));
    at += part.length;
  }
}

function unscored({ vocabulary }: Model, id: number): ScoredToken {
  return {
    id,
    text: vocabulary.text(id),
    special: vocabulary.piece(id).isControl,
    logProbability: null,
    entropy: null,
    top: [],
  };
}

function scoredToken(model: Model, logits: Float32Array, id: number, topTokens: number): ScoredToken {
  const { vocabulary } = model;
  const { logProbability, entropy, top } = describeToken(logits, id, topTokens);
  return {
    id,
    text: vocabulary.text(id),
    special: vocabulary.piece(id).isControl,
    logProbability,
    entropy,
    top: top.map((one) => ({ ...one, text: vocabulary.text(one.id) })),
  };
}

export interface ContinuationRequest {
  readonly context: string;
  readonly continuation: string;
}

/**
 * Context and continuation tokenized together, as lm-evaluation-harness does: white space at the end of the context goes to
 * the continuation; the begin token (else the end token) stands for an empty context; what is too long is cut on the left.
 */
export function tokensOfContinuation(
  { vocabulary, contextTokens }: Model,
  { context, continuation }: ContinuationRequest,
): { readonly tokens: readonly number[]; readonly count: number } {
  const trimmed = context.trimEnd();
  const moved = context.slice(trimmed.length) + continuation;
  const prefix = vocabulary.begin ?? vocabulary.end;
  const before = trimmed === '' ? (prefix === null ? [] : [prefix]) : vocabulary.tokenizeWithBegin(trimmed);
  const whole =
    trimmed === ''
      ? [...before, ...vocabulary.tokenize(moved)]
      : vocabulary.tokenizeWithBegin(trimmed + moved);
  const count = whole.length - before.length;
  if (before.length === 0)
    throw new RuntimeFailure('input', 'The model has no token that stands for an empty context');
  if (count <= 0) throw new RuntimeFailure('input', 'A continuation has no token of its own');
  // One more than the context holds: nothing is asked after the last token.
  return { tokens: whole.slice(-(contextTokens + 1)), count: Math.min(count, contextTokens) };
}

/** What contexts share is read once when one follows the other. */
export async function scoreContinuation(
  model: Model,
  tokens: readonly number[],
  count: number,
  signal: AbortSignal,
): Promise<ScoredItem> {
  const first = tokens.length - count - 1;
  const kept = model.keep(Math.min(model.shared(tokens), first));
  const values: number[] = [];
  let isGreedy = true;
  const rest = tokens.slice(kept);
  await ask(model, rest, {
    from: first - kept,
    upTo: rest.length - 1,
    signal,
    onLogits(index, logits) {
      const next = rest[index + 1];
      if (next === undefined) return;
      const { logProbability, top } = describeToken(logits, next, 1);
      values.push(logProbability);
      isGreedy &&= top[0]?.id === next;
    },
  });
  return {
    tokens: values.length,
    logProbability: values.reduce((sum, value) => sum + value, 0),
    isGreedy,
    tokenLogProbabilities: values,
  };
}

/** Natural log-probabilities of every token after each of the last `positions` tokens, position by position. */
export async function distributionsAfter(
  model: Model,
  tokens: readonly number[],
  positions: number,
): Promise<Float32Array> {
  checked(model.vocabulary, tokens);
  const from = tokens.length - positions;
  if (from < 0) throw new RuntimeFailure('input', `${positions} positions of ${tokens.length} tokens`);
  const { size } = model.vocabulary;
  const all = new Float32Array(positions * size);
  model.keep(0);
  await ask(model, tokens, {
    from,
    upTo: tokens.length,
    onLogits: (index, logits) => all.set(toLogProbabilities(logits), (index - from) * size),
  });
  return all;
}

/** The mean of the last layer over a text, of length 1. */
export async function embedTokens(model: Model, tokens: readonly number[]): Promise<Float32Array> {
  checked(model.vocabulary, tokens);
  if (tokens.length === 0) throw new RuntimeFailure('input', 'A text has no tokens');
  if (tokens.length > model.contextTokens) {
    throw new RuntimeFailure('too-long', `${tokens.length} tokens in a context of ${model.contextTokens}`);
  }
  const sum = new Float64Array(model.embeddingSize);
  model.api.setEmbeddings(model.contextHandle, true);
  try {
    model.keep(0);
    for (let at = 0; at < tokens.length; at += model.outputs) {
      const part = tokens.slice(at, at + model.outputs);
      await model.evaluate(
        part,
        part.map((_, index) => index),
      );
      for (const index of part.keys()) {
        for (const [place, value] of model.embedding(index).entries()) sum[place] = (sum[place] ?? 0) + value;
      }
    }
  } finally {
    model.api.setEmbeddings(model.contextHandle, false);
    model.keep(0);
  }
  const length = Math.hypot(...sum) || 1;
  return Float32Array.from(sum, (value) => value / length);
}
