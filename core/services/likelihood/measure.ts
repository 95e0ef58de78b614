// Scores texts, pairs and two models on one text through the engine. Knows models by their path and no workspace.
import { StudioError } from '../../api/errors.ts';
import type { ComparedText } from '../../api/likelihood.ts';
import { alignScores, type ScoredPiece } from '../../lib/likelihood/align-scores.ts';
import { bitsPerByte, type JudgedPair, type ScoredText } from '../../lib/likelihood/bits.ts';
import type { HeldOutText, MinimalPair } from '../../lib/likelihood/documents.ts';
import type { ChatEngine } from '../model-runtime/engine.ts';

export interface Scoring {
  readonly engine: Pick<ChatEngine, 'score' | 'scoreMany'>;
  /** Absolute. */
  readonly modelPath: string;
  /** Null: the model's own, up to 4,096. */
  readonly contextTokens?: number | null;
  readonly signal?: AbortSignal | undefined;
}

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * Bits of one text. The begin token stands first where the model has one, so every token of the text has something before it;
 * without one the first token has no probability and its bytes do not count. Texts beyond the context are read in windows that
 * overlap by half. Special tokens written in the text count as such.
 */
export async function scoreText(scoring: Scoring, own: HeldOutText): Promise<ScoredText> {
  const pieces = await piecesOf(scoring, own.text);
  const scored = pieces.filter(({ logProbability }) => logProbability !== null);
  const [first] = pieces;
  const isInText = first?.logProbability === null && own.text.startsWith(first.text) && first.text !== '';
  const { id, language, domain, text } = own;
  return {
    id,
    language,
    domain,
    bytes: bytesOf(text) - (isInText ? bytesOf(first.text) : 0),
    tokens: scored.length,
    nats: scored.reduce((sum, { logProbability }) => sum - (logProbability ?? 0), 0),
  };
}

async function piecesOf({ engine, modelPath, contextTokens = null, signal }: Scoring, text: string) {
  const pieces: ScoredPiece[] = [];
  for await (const event of engine.score({ modelPath, text, contextTokens, addBos: true }, signal)) {
    if (event.kind === 'tokens') pieces.push(...event.tokens);
  }
  signal?.throwIfAborted();
  return pieces;
}

/** Whole sentences after the begin token (the end token where there is none). */
export async function scorePairs(
  scoring: Scoring,
  pairs: readonly MinimalPair[],
): Promise<readonly JudgedPair[]> {
  const { engine, modelPath, contextTokens = null, signal } = scoring;
  const items = pairs.flatMap(({ right, wrong }) => [
    { context: '', continuation: right },
    { context: '', continuation: wrong },
  ]);
  const sums: number[] = [];
  for await (const event of engine.scoreMany({ modelPath, items, contextTokens }, signal)) {
    if (event.kind === 'items') sums.push(...event.items.map(({ logProbability }) => logProbability));
  }
  signal?.throwIfAborted();
  return pairs.map(({ id, language, phenomenon }, index) => ({
    id,
    language,
    phenomenon,
    right: sums[2 * index] ?? Number.NaN,
    wrong: sums[2 * index + 1] ?? Number.NaN,
  }));
}

/** The same text by two models, cut where both have a boundary of tokens. */
export async function compareOn(scoring: Scoring, otherPath: string, text: string): Promise<ComparedText> {
  const a = await piecesOf(scoring, text);
  const b = await piecesOf({ ...scoring, modelPath: otherPath }, text);
  const stretches = alignScores(text, a, b);
  const both = stretches.filter((one) => one.a !== null && one.b !== null);
  const bytes = both.reduce((sum, one) => sum + bytesOf(one.text), 0);
  if (bytes === 0) {
    throw new StudioError('INVALID_INPUT', 'The text is too short to compare two models on', {
      hint: 'Give at least some words',
    });
  }
  const nats = (of: 'a' | 'b') => both.reduce((sum, one) => sum - (one[of] ?? 0), 0);
  return {
    stretches: [...stretches],
    bytes,
    bitsA: bitsPerByte({ nats: nats('a'), bytes }),
    bitsB: bitsPerByte({ nats: nats('b'), bytes }),
  };
}
