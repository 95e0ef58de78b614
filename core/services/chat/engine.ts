// Answers from a model file through the disposable llama process: the file is checked first, and every failure
// of the process becomes an error a person can act on. Knows no workspace and no conversation files.
import { basename } from 'node:path';
import type { z } from 'zod';
import {
  type LoadedModel,
  type MemoryEstimate,
  type RuntimeState,
  type ScoreEvent,
  type ScoreManyEvent,
  scoreContinuations,
  scoreText,
} from '../../api/chat.ts';
import { StudioError } from '../../api/errors.ts';
import {
  answerStatistics,
  type ChatMessage,
  generation,
  type GenerationEvent,
  type PromptToken,
  type Prompt,
} from '../../api/generation.ts';
import type { Settings } from '../../api/system.ts';
import { LlamaProcess, type LlamaQuestion, type LlamaReply } from '../../../native/llama/client.ts';
import { LlamaFailure } from '../../../native/llama/inbox.ts';
import { readModelFile, stampOf } from '../models/read-header.ts';
import { spawnChild } from '../native/spawn-child.ts';

/** What may be left out has the contract's default; the path of the model is absolute. */
const generationSettings = generation.omit({ modelPath: true });
const scoreSettings = scoreText.omit({ modelPath: true });
const scoreManySettings = scoreContinuations.omit({ modelPath: true });
interface WithModel {
  readonly modelPath: string;
}
export type GenerationRequest = z.input<typeof generationSettings> & WithModel;
export type ScoreRequest = z.input<typeof scoreSettings> & WithModel;
export type ScoreManyRequest = z.input<typeof scoreManySettings> & WithModel;

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
  ): Promise<{ readonly text: string; readonly tokens: readonly PromptToken[] }>;
  tokenize(modelPath: string, text: string, addBos: boolean): Promise<readonly PromptToken[]>;
  /** Natural log-probabilities over the vocabulary of what follows each of the last `positions` tokens. */
  distributions(modelPath: string, tokens: readonly number[], positions: number): Promise<Float32Array>;
  /** Ids, rendered prompts and distributions, as the runtime has them. */
  ask<K extends LlamaQuestion['kind']>(modelPath: string, question: LlamaQuestion<K>): Promise<LlamaReply<K>>;
  estimate(modelPath: string, contextTokens: number | null): Promise<MemoryEstimate>;
  loaded(): readonly LoadedModel[];
  /** Frees the memory of one model, or of all with null, by ending its process. */
  unload(modelPath: string | null): Promise<void>;
  dispose(): Promise<void>;
}

export interface ChatEngineOptions {
  readonly appFolder: string;
  readonly settings: () => Promise<Pick<Settings, 'llamaDevice' | 'llamaThreads'>>;
  readonly onDeath?: (reason: string) => void;
}

export function createChatEngine({ appFolder, settings, onDeath }: ChatEngineOptions): ChatEngine {
  const llama = new LlamaProcess({
    spawn: () => spawnChild(appFolder, 'native-llama'),
    ...(onDeath === undefined ? {} : { onDeath }),
  });
  let known: { readonly path: string; readonly stamp: string } | null = null;
  const checked = async (path: string, contextTokens: number | null) => {
    // A large vocabulary takes a tenth of a second to check, so an unchanged file is checked once.
    if (known?.path !== path || known.stamp !== (await stampOf(path))) {
      known = null;
      known = { path, stamp: (await readModelFile(path)).stamp };
    }
    const { stamp } = known;
    const { llamaDevice, llamaThreads } = await settings();
    return { path, contextTokens, device: llamaDevice, threads: llamaThreads, stamp };
  };
  return {
    get state() {
      return llama.state;
    },
    async *generate({ modelPath, ...rest }, signal) {
      const { prompt, sampling, contextTokens, topTokens } = generationSettings.parse(rest);
      if (topTokens > 0) throw unfinished();
      const load = await checked(modelPath, contextTokens);
      try {
        for await (const event of llama.answer(load, { ...messagesOf(prompt), sampling }, signal)) {
          if (event.kind === 'text') yield { ...event, tokens: [], count: event.tokens };
          else if (event.kind === 'done')
            yield { ...event, toolCalls: [], statistics: answerStatistics.parse(event.statistics) };
          else yield event;
        }
      } catch (error) {
        throw asStudioError(error, modelPath);
      }
    },
    async *score({ modelPath, ...rest }) {
      const { text, contextTokens, addBos } = scoreSettings.parse(rest);
      if (addBos) throw unfinished();
      const load = await checked(modelPath, contextTokens);
      try {
        const { tokens, logProbabilities } = await llama.ask(load, { kind: 'score', text });
        yield {
          kind: 'tokens',
          tokens: tokens.map((id, index) => ({
            id,
            text: '',
            special: false,
            logProbability: logProbabilities[index - 1] ?? null,
            entropy: null,
            top: [],
          })),
          done: tokens.length,
          total: tokens.length,
        };
      } catch (error) {
        throw asStudioError(error, modelPath);
      }
    },
    scoreMany() {
      throw unfinished();
    },
    render: () => Promise.reject(unfinished()),
    tokenize: () => Promise.reject(unfinished()),
    distributions: () => Promise.reject(unfinished()),
    estimate: () => Promise.reject(unfinished()),
    loaded: () => [],
    async ask(modelPath, question) {
      const load = await checked(modelPath, null);
      try {
        return await llama.ask(load, question);
      } catch (error) {
        throw asStudioError(error, modelPath);
      }
    },
    unload: () => llama.unload(),
    dispose: () => llama.dispose(),
  };
}

/** The prompt as the child takes it today: an answer that begins is a last message of the assistant. */
function messagesOf(prompt: Prompt): {
  readonly mode: 'chat' | 'raw';
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly text: string }[];
} {
  if (prompt.kind === 'raw') return { mode: 'raw', messages: [{ role: 'user', text: prompt.text }] };
  const known = ({ role, text }: ChatMessage) => ({ role: role === 'tool' ? ('user' as const) : role, text });
  const start = prompt.answerStart;
  const begun = start === null ? [] : [{ role: 'assistant' as const, text: start.text }];
  return { mode: 'chat', messages: [...prompt.messages.map(known), ...begun] };
}

function unfinished(): StudioError {
  return new StudioError('UNAVAILABLE', 'The runtime cannot do this yet', { hint: 'Try a newer version' });
}

function asStudioError(error: unknown, path: string): unknown {
  if (!(error instanceof LlamaFailure)) return error;
  const name = basename(path);
  const detail = error.message;
  const options = (hint: string) => ({ hint, path, detail, cause: error });
  switch (error.reason) {
    case 'died':
      return new StudioError(
        'RUNTIME_DIED',
        `The process that runs ${name} ended (${detail})`,
        options('Ask again: it starts anew. If it keeps ending, try a smaller context or another model'),
      );
    case 'memory':
      return new StudioError(
        'UNAVAILABLE',
        `There is not enough memory for ${name}`,
        options('Choose a smaller context or a smaller quantization, or close other programs'),
      );
    case 'load':
      return new StudioError(
        'CORRUPT_FILE',
        `${name} could not be loaded: ${firstLine(detail)}`,
        options('Convert the model again, or check that its architecture is supported'),
      );
    case 'no-template':
      return new StudioError(
        'INVALID_INPUT',
        `${name} has no chat template`,
        options('Switch to raw completion, or add a template when converting'),
      );
    case 'too-long':
      return new StudioError(
        'TOO_LARGE',
        'The conversation does not fit into the context of the model',
        options('Shorten the last message, start a new chat, or choose a larger context'),
      );
    case 'stopped':
      return new StudioError('CANCELLED', 'Stopped', options('Ask again if it is still wanted'));
    case 'not-loaded':
    case 'other':
      return new StudioError(
        'INTERNAL',
        `${name} could not answer`,
        options('Copy the details and report them'),
      );
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
