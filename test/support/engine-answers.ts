// Streams of the chat engine, collected.
import type { ScoreEvent } from '../../core/services/model-runtime/score-requests.ts';
import type { GenerationEvent, ScoredToken, Token } from '../../core/api/generation.ts';

export async function collectAnswer(events: AsyncIterable<GenerationEvent>) {
  let text = '';
  let textEvents = 0;
  const tokens: Token[] = [];
  let prompt: Extract<GenerationEvent, { kind: 'prompt' }> | null = null;
  for await (const event of events) {
    if (event.kind === 'prompt') prompt = event;
    if (event.kind === 'text') {
      text += event.text;
      tokens.push(...event.tokens);
      textEvents += 1;
    }
    if (event.kind === 'done') return { ...event, text, tokens, textEvents, prompt };
  }
  throw new Error('the stream ended without done');
}

export async function collectScore(events: AsyncIterable<ScoreEvent>) {
  const tokens: ScoredToken[] = [];
  for await (const event of events) if (event.kind === 'tokens') tokens.push(...event.tokens);
  return {
    tokens,
    ids: tokens.map(({ id }) => id),
    /** Of the tokens after the first. */
    logProbabilities: tokens.slice(1).map(({ logProbability }) => logProbability ?? Number.NaN),
  };
}
