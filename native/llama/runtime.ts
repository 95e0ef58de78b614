// One model loaded through llama.cpp and the questions it answers. Runs inside the child process only.
// Knows no messages; child.ts translates.
import { findToolCalls } from '../../core/lib/generation/tool-calls.ts';
import { type Answer, type AnswerOptions, answerPrompt } from './answer.ts';
import { RuntimeFailure } from './failure.ts';
import { Model } from './model.ts';
import { checked, preparePrompt, promptTokens } from './prompt.ts';
import type { LoadSettings, Prompt, PromptToken, ScoredItem, ScoredToken } from './protocol.ts';
import { TemplateRoom } from './template-room.ts';
import {
  distributionsAfter,
  embedTokens,
  type ContinuationRequest,
  scoreContinuation,
  scoreTokens,
  tokensOfContinuation,
} from './score.ts';
import { scoreTree } from './score-tree.ts';

export interface AnswerRequest extends Omit<AnswerOptions, 'prompt'> {
  readonly prompt: Prompt;
  readonly threads: number | null;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export class LlamaRuntime {
  private model: Model | null = null;
  private template: string | null = null;
  private readonly room = new TemplateRoom();

  /** Replaces the loaded model. Returns the context in tokens. */
  async load(
    settings: LoadSettings,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<number> {
    this.model?.free();
    this.model = null;
    try {
      this.model = await Model.load(settings, onProgress, signal);
      this.template = settings.template;
      if (settings.template !== null) this.room.warm();
      return this.model.contextTokens;
    } catch (error) {
      if (signal.aborted) throw new RuntimeFailure('stopped', 'Loading was stopped', error);
      if (error instanceof RuntimeFailure && error.reason !== 'load') throw error;
      const text = error instanceof Error ? error.message : String(error);
      throw new RuntimeFailure(/memory|VRAM|alloc/i.test(text) ? 'memory' : 'load', text, error);
    }
  }

  /** Reuses the part of the context that the new prompt shares with the last one. */
  async answer(request: AnswerRequest): Promise<Answer & { readonly toolCalls: readonly ToolCall[] }> {
    const model = this.require();
    model.useThreads(request.threads);
    const prompt = await preparePrompt(model, this.templates(), request.prompt);
    const answer = await answerPrompt(model, { ...request, prompt });
    const tools = request.prompt.kind === 'chat' ? request.prompt.tools.map(({ name }) => name) : [];
    if (tools.length === 0) return { ...answer, toolCalls: [] };
    const mark = Math.random().toString(36).slice(2, 10);
    const toolCalls = findToolCalls(answer.wholeText, tools).map((call, index) => ({
      id: `call_${mark}_${index}`,
      ...call,
    }));
    return { ...answer, toolCalls };
  }

  async render(prompt: Prompt): Promise<{ readonly text: string; readonly tokens: PromptToken[] }> {
    const model = this.require();
    const { text, tokens } = await preparePrompt(model, this.templates(), prompt);
    return { text, tokens: promptTokens(model.vocabulary, tokens) };
  }

  tokenize(text: string, addBos: boolean): PromptToken[] {
    const { vocabulary } = this.require();
    return promptTokens(vocabulary, addBos ? vocabulary.tokenizeWithBegin(text) : vocabulary.tokenize(text));
  }

  /** `onTokens` gets the tokens in order, and how many there will be. */
  async score(
    request: {
      readonly text: string;
      readonly tokens: readonly number[] | null;
      readonly addBos: boolean;
      readonly topTokens: number;
    },
    onTokens: (tokens: readonly ScoredToken[], total: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const model = this.require();
    const { vocabulary } = model;
    const own = () =>
      request.addBos ? vocabulary.tokenizeWithBegin(request.text) : vocabulary.tokenize(request.text);
    const tokens = request.tokens === null ? own() : checked(vocabulary, request.tokens);
    const { topTokens } = request;
    await scoreTokens(model, tokens, {
      topTokens,
      onTokens: (some) => onTokens(some, tokens.length),
      signal,
    });
  }

  async scoreMany(
    items: readonly ContinuationRequest[],
    onItem: (item: ScoredItem) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const model = this.require();
    if (model.sequences > 1) return scoreTree(model, items, { onItem, signal });
    for (const item of items) {
      const { tokens, count } = tokensOfContinuation(model, item);
      onItem(await scoreContinuation(model, tokens, count, signal));
    }
  }

  distributions(tokens: readonly number[], positions: number): Promise<Float32Array> {
    return distributionsAfter(this.require(), tokens, positions);
  }

  async embed(
    inputs: readonly (string | readonly number[])[],
    signal: AbortSignal,
  ): Promise<{ readonly vectors: Float32Array[]; readonly tokens: number }> {
    const model = this.require();
    const vectors: Float32Array[] = [];
    let count = 0;
    for (const input of inputs) {
      if (signal.aborted) throw new RuntimeFailure('stopped', 'Stopped');
      const tokens = typeof input === 'string' ? model.vocabulary.tokenizeWithBegin(input) : input;
      count += tokens.length;
      vectors.push(await embedTokens(model, tokens));
    }
    return { vectors, tokens: count };
  }

  private templates() {
    return { template: this.template, room: this.room };
  }

  private require(): Model {
    if (this.model === null) throw new RuntimeFailure('not-loaded', 'No model is loaded');
    return this.model;
  }
}
