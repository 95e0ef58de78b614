// Answers from a model file through the disposable llama process: the file is checked first, and every failure
// of the process becomes an error a person can act on. Knows no workspace and no conversation files.
import { basename } from 'node:path';
import type { AnswerEvent, ChatMessage, Sampling } from '../../api/chat.ts';
import { StudioError } from '../../api/errors.ts';
import type { Settings } from '../../api/system.ts';
import {
  LlamaProcess,
  type LlamaQuestion,
  type LlamaReply,
  type LlamaState,
} from '../../../native/llama/client.ts';
import { LlamaFailure } from '../../../native/llama/inbox.ts';
import { readModelFile, stampOf } from '../models/read-header.ts';
import { spawnChild } from '../native/spawn-child.ts';

export interface ChatRequest {
  /** Absolute. */
  readonly modelPath: string;
  readonly messages: readonly ChatMessage[];
  readonly mode: 'chat' | 'raw';
  readonly sampling: Sampling;
  /** Tokens; null takes the model's own up to 4,096. */
  readonly contextTokens: number | null;
}

export interface ChatEngine {
  readonly state: LlamaState;
  /** Aborting ends the stream with stop reason `stopped`, within one token. */
  answer(request: ChatRequest, signal?: AbortSignal): AsyncGenerator<AnswerEvent, void>;
  /** Natural log-probabilities of the text's tokens after the first. */
  score(
    modelPath: string,
    text: string,
  ): Promise<{ readonly tokens: readonly number[]; readonly logProbabilities: readonly number[] }>;
  /** Ids, rendered prompts and distributions, as the runtime has them. */
  ask<K extends LlamaQuestion['kind']>(modelPath: string, question: LlamaQuestion<K>): Promise<LlamaReply<K>>;
  /** Frees the model's memory by ending the process. */
  unload(): Promise<void>;
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
    async *answer({ modelPath, messages, mode, sampling, contextTokens }, signal) {
      const load = await checked(modelPath, contextTokens);
      try {
        yield* llama.answer(load, { mode, messages, sampling }, signal);
      } catch (error) {
        throw asStudioError(error, modelPath);
      }
    },
    async score(modelPath, text) {
      const load = await checked(modelPath, null);
      try {
        return await llama.ask(load, { kind: 'score', text });
      } catch (error) {
        throw asStudioError(error, modelPath);
      }
    },
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
