// Answers and scores from model files through disposable processes, one per model: the file is checked first, memory is
// estimated, and every failure of a process becomes an error a person can act on. Knows no workspace and no conversations.
import { availableParallelism } from 'node:os';
import type { z } from 'zod';
import type { LoadedModel, MemoryEstimate } from '../../api/chat.ts';
import { StudioError } from '../../api/errors.ts';
import { generation, type GenerationEvent, type Prompt, type PromptToken } from '../../api/generation.ts';
import type { Settings } from '../../api/system.ts';
import { totalOf } from '../../lib/generation/memory-estimate.ts';
import type {
  LlamaEvent,
  LlamaQuestion,
  LlamaReply,
  LlamaWork,
  ModelSettings,
} from '../../../native/llama/client.ts';
import { LlamaFailure } from '../../../native/llama/inbox.ts';
import { DEFAULT_CONTEXT_TOKENS } from '../../../native/llama/protocol.ts';
import { spawnChild } from '../native/spawn-child.ts';
import { grammarOf } from './answer-grammar.ts';
import { availableMemoryBytes } from './available-memory.ts';
import { generationEvent, stoppedEvent } from './generation-events.ts';
import { createModelFacts, type ModelFacts } from './model-facts.ts';
import { ModelPool } from './pool.ts';
import { asStudioError, noRoom } from './runtime-errors.ts';
import {
  type ScoreEvent,
  type ScoreManyEvent,
  type ScoreManyRequest,
  scoreManySettings,
  type ScoreRequest,
  scoreSettings,
} from './score-requests.ts';

/** What may be left out has the contract's default; the path of the model is absolute. */
const generationSettings = generation.omit({ modelPath: true });
export type GenerationRequest = z.input<typeof generationSettings> & { readonly modelPath: string };

export interface Embeddings {
  /** Of length 1. */
  readonly vectors: readonly Float32Array[];
  readonly tokens: number;
}

/** The native processes that run models; each may die without taking anything else along. */
export interface RuntimeState {
  /** Of the model that was used last. */
  readonly pid: number | null;
  readonly modelPath: string | null;
  /** Of all of them. */
  readonly memoryBytes: number | null;
  /** How often one ended by itself since core started, and why the last one did. */
  readonly deaths: number;
  readonly lastDeath: string | null;
}

export interface ChatEngine {
  readonly state: RuntimeState;
  /** Aborting ends the stream with stop reason `stopped`, within one token. */
  generate(request: GenerationRequest, signal?: AbortSignal): AsyncGenerator<GenerationEvent, void>;
  score(request: ScoreRequest, signal?: AbortSignal): AsyncGenerator<ScoreEvent, void>;
  scoreMany(request: ScoreManyRequest, signal?: AbortSignal): AsyncGenerator<ScoreManyEvent, void>;
  /** The exact prompt that the model sees. */
  render(
    modelPath: string,
    prompt: Prompt,
    signal?: AbortSignal,
  ): Promise<{ readonly text: string; readonly tokens: readonly PromptToken[] }>;
  tokenize(modelPath: string, text: string, addBos: boolean): Promise<readonly PromptToken[]>;
  /** Natural log-probabilities over the vocabulary of what follows each of the last `positions` tokens. */
  distributions(modelPath: string, tokens: readonly number[], positions: number): Promise<Float32Array>;
  /** Vectors of texts or tokens. */
  embed(
    modelPath: string,
    inputs: readonly (string | readonly number[])[],
    signal?: AbortSignal,
  ): Promise<Embeddings>;
  /** Any question with one answer, as the runtime has it. */
  ask<K extends LlamaQuestion['kind']>(
    modelPath: string,
    question: LlamaQuestion<K>,
    signal?: AbortSignal,
  ): Promise<LlamaReply<K>>;
  estimate(modelPath: string, contextTokens: number | null): Promise<MemoryEstimate>;
  loaded(): readonly LoadedModel[];
  /** Frees the memory of one model, or of all with null, by ending its process. */
  unload(modelPath: string | null): Promise<void>;
  dispose(): Promise<void>;
}

export interface ChatEngineOptions {
  readonly appFolder: string;
  readonly settings: () => Promise<
    Pick<Settings, 'llamaDevice' | 'llamaThreads'> & Partial<Pick<Settings, 'modelMemoryBytes'>>
  >;
  readonly onDeath?: (reason: string) => void;
  /** Choices of questions are read beside each other; for processes that only score. */
  readonly sequences?: number;
  /** Attention in 32 bits: what PyTorch computes in 32 bits from the same weights, for twice the time. */
  readonly exact?: boolean;
}

/** Of the memory that is free when the first model is loaded. */
const BUDGET_SHARE = 0.6;

export function createChatEngine({
  appFolder,
  settings,
  onDeath,
  sequences = 1,
  exact = false,
}: ChatEngineOptions): ChatEngine {
  const facts = createModelFacts(exact);
  let freeAtStart: Promise<number> | null = null;
  const budget = async () => {
    const { modelMemoryBytes = null } = await settings();
    if (modelMemoryBytes !== null) return modelMemoryBytes;
    freeAtStart ??= availableMemoryBytes();
    return (await freeAtStart) * BUDGET_SHARE;
  };
  const pool = new ModelPool({ spawn: () => spawnChild(appFolder, 'native-llama'), budget, onDeath });

  const settingsOf = async (model: ModelFacts, contextTokens: number | null): Promise<ModelSettings> => {
    const { llamaDevice, llamaThreads } = await settings();
    return {
      path: model.path,
      sizeBytes: model.sizeBytes,
      template: model.template,
      contextTokens,
      defaultContextTokens: DEFAULT_CONTEXT_TOKENS,
      device: llamaDevice,
      threads: llamaThreads > 0 ? llamaThreads : defaultThreads(),
      threadsAsked: llamaThreads > 0,
      sequences,
      isExact: exact,
      stamp: model.stamp,
    };
  };
  const lease = async (model: ModelFacts, contextTokens: number | null, signal: AbortSignal | undefined) => {
    const known = pool.list().find(({ path }) => path === model.path)?.process.state.contextTokens ?? null;
    const bytes = totalOf(model.estimate(contextTokens ?? known));
    return pool.lease({ path: model.path, bytes }, signal);
  };
  async function* work(
    { modelPath, contextTokens }: { readonly modelPath: string; readonly contextTokens: number | null },
    request: LlamaWork,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<LlamaEvent, void> {
    const model = await facts.read(modelPath);
    const loading = await settingsOf(model, contextTokens);
    try {
      const { process, release } = await lease(model, contextTokens, signal);
      try {
        yield* process.work(loading, request, signal);
      } finally {
        release();
      }
    } catch (error) {
      throw asStudioError(signal?.aborted ? stoppedBy(error) : error, modelPath);
    }
  }
  const ask: ChatEngine['ask'] = async (modelPath, question, signal) => {
    const model = await facts.read(modelPath);
    const loading = await settingsOf(model, null);
    try {
      const { process, release } = await lease(model, null, signal);
      try {
        return await process.ask(loading, question, signal);
      } finally {
        release();
      }
    } catch (error) {
      throw asStudioError(signal?.aborted ? stoppedBy(error) : error, modelPath);
    }
  };

  return {
    get state() {
      const all = pool.list();
      const last = all[0]?.process.state;
      const measured = all.flatMap(({ process }) => process.state.memoryBytes ?? []);
      return {
        pid: last?.pid ?? null,
        modelPath: last?.modelPath ?? null,
        memoryBytes: measured.length === 0 ? null : measured.reduce((sum, bytes) => sum + bytes, 0),
        ...pool.history,
      };
    },
    async *generate({ modelPath, ...rest }, signal) {
      const request = generationSettings.parse(rest);
      const { device, contextTokens } = request;
      const grammar = grammarOf(request.format);
      if (device !== null && device.memoryBytes !== null) {
        const needed = totalOf((await facts.read(modelPath)).estimate(contextTokens));
        if (needed > device.memoryBytes) throw noRoom(needed, device.memoryBytes, modelPath);
      }
      const { prompt, sampling, topTokens } = request;
      const asked = {
        kind: 'answer' as const,
        prompt,
        sampling,
        grammar,
        topTokens,
        threads: device?.threads ?? null,
      };
      let loadMs: number | null = null;
      try {
        for await (const event of work({ modelPath, contextTokens }, asked, signal)) {
          if (event.kind === 'loaded') loadMs = event.loadMs;
          const shown = generationEvent(event, loadMs);
          if (shown !== null) yield shown;
        }
      } catch (error) {
        if (!(error instanceof StudioError) || error.code !== 'CANCELLED') throw error;
        yield stoppedEvent(loadMs);
      }
    },
    async *score({ modelPath, ...rest }, signal) {
      const { contextTokens, ...request } = scoreSettings.parse(rest);
      for await (const event of work({ modelPath, contextTokens }, { kind: 'score', ...request }, signal)) {
        if (event.kind === 'loading') yield event;
        if (event.kind === 'scores') {
          const { tokens, done, total } = event;
          yield { kind: 'tokens', tokens, done, total };
        }
      }
    },
    async *scoreMany({ modelPath, ...rest }, signal) {
      const { contextTokens, items } = scoreManySettings.parse(rest);
      for await (const event of work({ modelPath, contextTokens }, { kind: 'score-many', items }, signal)) {
        if (event.kind === 'loading') yield event;
        if (event.kind === 'scored-items') {
          const { from, done, total } = event;
          yield { kind: 'items', from, items: event.items, done, total };
        }
      }
    },
    async render(modelPath, prompt, signal) {
      const { text, tokens } = await ask(modelPath, { kind: 'render', prompt }, signal);
      return { text, tokens };
    },
    async tokenize(modelPath, text, addBos) {
      const { tokens } = await ask(modelPath, { kind: 'tokenize', texts: [text], addBos });
      return tokens[0] ?? [];
    },
    async distributions(modelPath, tokens, positions) {
      return (await ask(modelPath, { kind: 'distributions', tokens: [...tokens], positions }))
        .logProbabilities;
    },
    async embed(modelPath, inputs, signal) {
      const { vectors, tokens } = await ask(
        modelPath,
        { kind: 'embed', inputs: inputs.map((input) => (typeof input === 'string' ? input : [...input])) },
        signal,
      );
      return { vectors, tokens };
    },
    ask,
    async estimate(modelPath, contextTokens) {
      const parts = (await facts.read(modelPath)).estimate(contextTokens);
      const budgetBytes = await budget();
      const totalBytes = totalOf(parts);
      const loadedBytes = pool.list().reduce((sum, { bytes }) => sum + bytes, 0);
      return { ...parts, totalBytes, budgetBytes, loadedBytes, fits: totalBytes <= budgetBytes };
    },
    loaded: () =>
      pool.list().flatMap(({ path, process, bytes, leases, usedMs }) => {
        const { contextTokens } = process.state;
        if (contextTokens === null) return [];
        const idleSinceMs = leases > 0 ? null : Date.now() - (performance.now() - usedMs);
        return [{ modelPath: path, contextTokens, memoryBytes: bytes, idleSinceMs, busy: leases > 0 }];
      }),
    unload: (modelPath) => pool.unload(modelPath),
    dispose: () => pool.dispose(),
  };
}

/** Hyper-threads share what llama.cpp needs, and few processors are all of them real. */
function defaultThreads(): number {
  const all = availableParallelism();
  return all > 4 ? Math.ceil(all / 2) : all;
}

function stoppedBy(error: unknown): LlamaFailure {
  return new LlamaFailure('stopped', error instanceof Error ? error.message : String(error));
}
