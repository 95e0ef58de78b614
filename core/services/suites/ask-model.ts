// One answer to one prompt of a suite. Knows the engine; the runner above knows neither templates nor processes.
import type { Suite, SuitePrompt, SuiteSampler } from '../../lib/suites/suite.ts';
import { messagesOf } from '../../lib/suites/suite.ts';
import type { ChatEngine } from '../chat/engine.ts';

export interface AskedAnswer {
  readonly text: string;
  readonly tokens: number;
  readonly promptTokens: number;
  readonly stopReason: string;
  readonly tokensPerSecond: number;
}

export type AskModel = (
  modelPath: string,
  suite: Suite,
  prompt: SuitePrompt,
  sampler: SuiteSampler,
  signal: AbortSignal,
) => Promise<AskedAnswer>;

export function asker(engine: Pick<ChatEngine, 'answer'>): AskModel {
  return async (modelPath, suite, prompt, sampler, signal) => {
    const { id: _, ...settings } = sampler;
    const answer: AskedAnswer[] = [];
    let text = '';
    const stream = engine.answer(
      {
        modelPath,
        mode: prompt.input.kind === 'raw' ? 'raw' : 'chat',
        messages: messagesOf(suite, prompt),
        sampling: { ...settings, maxTokens: prompt.maxTokens },
        contextTokens: null,
      },
      signal,
    );
    for await (const event of stream) {
      if (event.kind === 'text') text += event.text;
      if (event.kind === 'done') {
        const { tokens, promptTokens, tokensPerSecond } = event.statistics;
        answer.push({
          ...cut(text, prompt.stopTexts, event.stopReason),
          tokens,
          promptTokens,
          tokensPerSecond,
        });
      }
    }
    signal.throwIfAborted();
    const [done] = answer;
    if (!done || done.stopReason === 'stopped') throw new Error('The answer ended without its figures');
    return done;
  };
}

/** Without the first stop text and what follows. */
function cut(
  text: string,
  stops: readonly string[],
  stopReason: string,
): { text: string; stopReason: string } {
  const places = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  if (places.length === 0) return { text, stopReason };
  return { text: text.slice(0, Math.min(...places)), stopReason: 'stop-text' };
}
