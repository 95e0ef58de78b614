// What the runtime says while it answers, as a window hears it.
import type { LlamaEvent } from '../../../native/llama/client.ts';
import type { AnswerStatistics, GenerationEvent } from '../../api/generation.ts';

/** Null for what is not told. `loadMs`: what loading took, null where nothing was loaded. */
export function generationEvent(event: LlamaEvent, loadMs: number | null): GenerationEvent | null {
  switch (event.kind) {
    case 'loading':
      return event;
    case 'prompt':
      return { kind: 'prompt', tokens: event.tokens, reusedTokens: event.reusedTokens };
    case 'text':
      return { kind: 'text', text: event.text, tokens: event.tokens, count: event.count };
    case 'done': {
      const { stopReason, toolCalls, endToken, statistics } = event;
      return { kind: 'done', stopReason, toolCalls, endToken, statistics: { ...statistics, loadMs } };
    }
    case 'loaded':
    case 'scores':
    case 'scored-items':
    case 'end':
      return null;
  }
}

/** Of an answer that was stopped before its first token. */
export function stoppedEvent(loadMs: number | null): GenerationEvent {
  return {
    kind: 'done',
    stopReason: 'stopped',
    toolCalls: [],
    endToken: null,
    statistics: nothingSaid(loadMs),
  };
}

function nothingSaid(loadMs: number | null): AnswerStatistics {
  return {
    tokens: 0,
    promptTokens: 0,
    reusedTokens: 0,
    loadMs,
    promptMs: 0,
    timeToFirstTokenMs: 0,
    promptTokensPerSecond: 0,
    tokensPerSecond: 0,
    memoryBytes: null,
  };
}
