// One answer to one prompt of a suite. Knows the engine; the runner above knows neither templates nor processes.
import type { Suite, SuitePrompt, SuiteSampler } from '../../lib/suites/suite.ts';
import { messagesOf } from '../../lib/suites/suite.ts';
import type { ChatEngine } from '../model-runtime/engine.ts';

export interface AskedAnswer {
  readonly text: string;
  readonly tokens: number;
  readonly promptTokens: number;
  readonly stopReason: string;
  readonly tokensPerSecond: number;
}

export interface AskedPrompt {
  /** Absolute. */
  readonly modelPath: string;
  readonly suite: Suite;
  readonly prompt: SuitePrompt;
  readonly sampler: SuiteSampler;
}

export type AskModel = (asked: AskedPrompt, signal: AbortSignal) => Promise<AskedAnswer>;

export function asker(engine: Pick<ChatEngine, 'generate'>): AskModel {
  return async ({ modelPath, suite, prompt, sampler }, signal) => {
    const { id: _, ...settings } = sampler;
    const { input, maxTokens, stopTexts } = prompt;
    const stream = engine.generate(
      {
        modelPath,
        prompt:
          input.kind === 'raw'
            ? { kind: 'raw', text: input.text, addBos: true }
            : { kind: 'chat', messages: [...messagesOf(suite, prompt)] },
        sampling: { ...settings, maxTokens, stopTexts },
      },
      signal,
    );
    let text = '';
    for await (const event of stream) {
      if (event.kind === 'text') text += event.text;
      if (event.kind !== 'done' || event.stopReason === 'stopped') continue;
      const { tokens, promptTokens, tokensPerSecond } = event.statistics;
      return { text, stopReason: event.stopReason, tokens, promptTokens, tokensPerSecond };
    }
    signal.throwIfAborted();
    throw new Error('The answer ended without its figures');
  };
}
