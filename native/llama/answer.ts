// One answer: reads what is new of the prompt, then token after token, each with its own probability where asked.
// Knows no messages; child.ts sends what this reports.
import { AnswerText } from '../../core/lib/generation/answer-text.ts';
import { describeToken } from '../../core/lib/generation/token-distribution.ts';
import { RuntimeFailure } from './failure.ts';
import type { Model } from './model.ts';
import { type PreparedPrompt, textOf } from './prompt.ts';
import { BATCH_TOKENS, type SamplingSettings, type Statistics, type Token } from './protocol.ts';
import { createSampler } from './sampler.ts';

export interface AnswerOptions {
  readonly prompt: PreparedPrompt;
  readonly sampling: SamplingSettings;
  readonly grammar: string | null;
  readonly topTokens: number;
  readonly signal: AbortSignal;
  readonly onPrompt: (tokens: number, reusedTokens: number) => void;
  /** `token` is null where no details are kept. */
  readonly onToken: (text: string, token: Token | null, generated: number) => void;
}

export interface Answer {
  readonly stopReason: 'end' | 'max-tokens' | 'context-full' | 'stop-text' | 'stopped';
  readonly endToken: Token | null;
  /** With control tokens, and what the answer began with. */
  readonly wholeText: string;
  readonly statistics: Omit<Statistics, 'memoryBytes'>;
}

/** Turns of the event loop between quick tokens, so that a stop is heard. */
const TURN_MS = 8;

export async function answerPrompt(model: Model, options: AnswerOptions): Promise<Answer> {
  const { prompt, sampling, signal } = options;
  const startedMs = performance.now();
  const begun = prompt.tokens.slice(prompt.tokens.length - prompt.begun);
  // Before the prompt is read: a grammar with a fault should not cost that time.
  const sampler = createSampler(model, sampling, options.grammar, begun);
  try {
    const reused = await readPrompt(model, prompt.tokens, signal, options.onPrompt);
    const promptMs = performance.now() - startedMs;
    const written = await writeAnswer(model, options, sampler.next);
    const endedMs = performance.now();
    const firstMs = written.firstMs ?? endedMs;
    const read = prompt.tokens.length - reused;
    const decodeMs = endedMs - firstMs;
    return {
      stopReason: written.stopReason,
      endToken: written.endToken,
      wholeText: textOf(model.vocabulary, [...begun, ...written.tokens]),
      statistics: {
        tokens: written.tokens.length,
        promptTokens: prompt.tokens.length,
        reusedTokens: reused,
        promptMs,
        timeToFirstTokenMs: firstMs - startedMs,
        promptTokensPerSecond: promptMs > 0 ? (read * 1000) / promptMs : 0,
        // The first token belongs to reading the prompt.
        tokensPerSecond:
          written.tokens.length > 1 && decodeMs > 0 ? ((written.tokens.length - 1) * 1000) / decodeMs : 0,
      },
    };
  } finally {
    sampler.free();
  }
}

/** Returns how many tokens were known already. The logits after the last one are at hand then. */
async function readPrompt(
  model: Model,
  tokens: readonly number[],
  signal: AbortSignal,
  onPrompt: AnswerOptions['onPrompt'],
): Promise<number> {
  if (tokens.length === 0) throw new RuntimeFailure('input', 'The prompt is empty');
  if (tokens.length >= model.contextTokens) {
    throw new RuntimeFailure('too-long', `${tokens.length} tokens in a context of ${model.contextTokens}`);
  }
  // The last token is always read again: its logits are wanted.
  const reused = model.keep(Math.min(model.shared(tokens), tokens.length - 1));
  onPrompt(tokens.length, reused);
  for (let at = reused; at < tokens.length; at += BATCH_TOKENS) {
    if (signal.aborted) throw new RuntimeFailure('stopped', 'Stopped before the first token');
    const part = tokens.slice(at, at + BATCH_TOKENS);
    const isLast = at + part.length === tokens.length;
    await model.evaluate(part, isLast ? [part.length - 1] : [], signal);
  }
  return reused;
}

interface Written {
  readonly tokens: readonly number[];
  readonly stopReason: Answer['stopReason'];
  readonly endToken: Token | null;
  readonly firstMs: number | null;
}

async function writeAnswer(
  model: Model,
  { prompt, sampling, topTokens, signal, onToken }: AnswerOptions,
  next: (output: number) => number,
): Promise<Written> {
  const { vocabulary } = model;
  const text = new AnswerText(sampling.stopTexts);
  const tokens: number[] = [];
  let firstMs: number | null = null;
  let turnedMs = performance.now();
  const ended = (stopReason: Answer['stopReason'], endToken: Token | null = null): Written => {
    const rest = text.end();
    if (rest.text !== '') onToken(rest.text, null, tokens.length);
    return { tokens, stopReason: rest.isStopped ? 'stop-text' : stopReason, endToken, firstMs };
  };
  // The output asked for is the last of the prompt at first, then the only one.
  let output = -1;
  for (;;) {
    if (signal.aborted) return ended('stopped');
    const id = next(output);
    const token = topTokens > 0 ? detailOf(model, output, id, topTokens) : null;
    firstMs ??= performance.now();
    if (vocabulary.endsGeneration(id)) return ended('end', token);
    tokens.push(id);
    const piece = vocabulary.piece(id);
    const part = text.push(piece.isControl ? NOTHING : piece.bytes);
    onToken(part.text, token, tokens.length);
    if (part.isStopped) return { tokens, stopReason: 'stop-text', endToken: null, firstMs };
    if (tokens.length >= sampling.maxTokens) return ended('max-tokens');
    if (prompt.tokens.length + tokens.length >= model.contextTokens) return ended('context-full');
    await model.evaluate([id], [0]);
    output = 0;
    if (performance.now() - turnedMs > TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      turnedMs = performance.now();
    }
  }
}

const NOTHING = new Uint8Array(0);

function detailOf(model: Model, output: number, id: number, topTokens: number): Token {
  const { vocabulary } = model;
  const { logProbability, entropy, top } = describeToken(model.logits(output), id, topTokens);
  return {
    id,
    text: vocabulary.text(id),
    special: vocabulary.piece(id).isControl,
    logProbability,
    entropy,
    top: top.map((one) => ({ ...one, text: vocabulary.text(one.id) })),
  };
}
