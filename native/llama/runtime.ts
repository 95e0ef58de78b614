// One model loaded through node-llama-cpp: load, answer, score. Runs inside the child process only.
// Knows no messages; child.ts translates.
import {
  type ChatHistoryItem,
  type ControlledEvaluateInputItem,
  getLlama,
  JinjaTemplateChatWrapper,
  type Llama,
  LlamaChat,
  LlamaCompletion,
  type LlamaContext,
  type LlamaContextSequence,
  LlamaLogLevel,
  type LlamaModel,
  type LlamaText,
  SpecialToken,
  type Token,
} from 'node-llama-cpp';
import {
  DEFAULT_CONTEXT_TOKENS,
  type FailureReason,
  type LoadSettings,
  type SamplingSettings,
} from './protocol.ts';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
}

export interface AnswerOptions {
  readonly mode: 'chat' | 'raw';
  readonly messages: readonly Message[];
  readonly sampling: SamplingSettings;
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
  readonly onTokens: (count: number) => void;
}

export interface Answer {
  readonly stopReason: 'end' | 'max-tokens' | 'stopped';
  readonly promptTokens: number;
}

export class RuntimeFailure extends Error {
  override readonly name = 'RuntimeFailure';
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

interface Loaded {
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly sequence: LlamaContextSequence;
  readonly chat: LlamaChat | null;
}

/**
 * Below this one thread is chosen: threads of llama.cpp wait for each other in a busy loop, and on a loaded machine
 * with two cores a short answer from a 5 MB model, process start included, took 8.4 s with two threads and 1 s with one.
 */
const SINGLE_THREAD_BYTES = 64 * 1024 * 1024;
/** Tokens looked back on for the repeat penalty. */
const PENALTY_TOKENS = 64;

/** Temperature 1 and no cut of the vocabulary leave the model's own distribution. */
const OWN_DISTRIBUTION = {
  probabilities: true,
  options: { temperature: 1, topK: 0, topP: 1, minP: 0 },
} as const;

export class LlamaRuntime {
  private llama: Llama | null = null;
  private loaded: Loaded | null = null;

  /** Replaces the loaded model. Returns the context in tokens. */
  async load(
    settings: LoadSettings,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<number> {
    await this.unload();
    try {
      this.llama ??= await getLlama({
        gpu: settings.device === 'auto' ? 'auto' : false,
        build: 'never',
        skipDownload: true,
        progressLogs: false,
        logLevel: LlamaLogLevel.error,
        logger: () => {},
        ...(settings.threads > 0 ? { maxThreads: settings.threads } : {}),
      });
      const model = await this.llama.loadModel({
        modelPath: settings.path,
        onLoadProgress: onProgress,
        loadSignal: signal,
      });
      const wanted = settings.contextTokens ?? Math.min(model.trainContextSize, DEFAULT_CONTEXT_TOKENS);
      const threads = settings.threads === 0 && model.size < SINGLE_THREAD_BYTES ? 1 : settings.threads;
      const context = await model.createContext({
        contextSize: Math.min(wanted, model.trainContextSize),
        ...(threads > 0 ? { threads } : {}),
      });
      const sequence = context.getSequence();
      this.loaded = { model, context, sequence, chat: chatOf(model, sequence) };
      return context.contextSize;
    } catch (error) {
      if (signal.aborted) throw new RuntimeFailure('stopped', 'Loading was stopped', error);
      const text = error instanceof Error ? error.message : String(error);
      throw new RuntimeFailure(/memory|VRAM|alloc/i.test(text) ? 'memory' : 'load', text, error);
    }
  }

  async unload(): Promise<void> {
    const { loaded } = this;
    this.loaded = null;
    if (loaded === null) return;
    await loaded.context.dispose();
    await loaded.model.dispose();
  }

  /** Reuses the part of the context that the new prompt shares with the last one. */
  async answer(options: AnswerOptions): Promise<Answer> {
    const loaded = this.require();
    const { sampling } = options;
    const settings = {
      temperature: sampling.temperature,
      topK: sampling.topK,
      topP: sampling.topP,
      minP: sampling.minP,
      maxTokens: sampling.maxTokens,
      ...(sampling.seed === null ? {} : { seed: sampling.seed }),
      repeatPenalty:
        sampling.repeatPenalty === 1
          ? (false as const)
          : { penalty: sampling.repeatPenalty, lastTokens: PENALTY_TOKENS, penalizeNewLine: false },
      signal: options.signal,
      stopOnAbortSignal: true,
      onTextChunk: options.onText,
      onToken: (tokens: Token[]) => options.onTokens(tokens.length),
    };
    if (options.mode === 'raw') return complete(loaded, options.messages, settings);
    const { chat } = loaded;
    if (chat === null) {
      throw new RuntimeFailure('no-template', 'The model has no chat template');
    }
    const history = historyOf(options.messages);
    const prompt = chat.chatWrapper.generateContextState({ chatHistory: history });
    const promptTokens = prompt.contextText.tokenize(loaded.model.tokenizer).length;
    const begun = options.messages.at(-1)?.role === 'assistant';
    const onTextChunk = begun ? options.onText : fresh(options.onText);
    const result = await chat
      .generateResponse(history, { ...settings, onTextChunk })
      .catch(explainUnless(options.signal));
    return { stopReason: reasonOf(result.metadata.stopReason), promptTokens };
  }

  /**
   * Natural logarithms of p(token | before), one per token after the first. Special tokens in the text count as such.
   * Costs a list of the whole vocabulary per token (node-llama-cpp 3.21 has nothing finer): for short texts only.
   */
  async score(
    text: string,
  ): Promise<{ readonly tokens: readonly number[]; readonly logProbabilities: readonly number[] }> {
    const { model, sequence } = this.require();
    const tokens = model.tokenize(text, true);
    await sequence.clearHistory();
    const evaluated = await sequence.controlledEvaluate(
      tokens.map(
        (token, index): ControlledEvaluateInputItem =>
          index + 1 < tokens.length ? [token, { generateNext: OWN_DISTRIBUTION }] : token,
      ),
    );
    const logProbabilities: number[] = [];
    for (const [index, next] of tokens.slice(1).entries()) {
      const probability = evaluated[index]?.next.probabilities?.get(next);
      if (probability === undefined)
        throw new RuntimeFailure('other', `The runtime gave no probability for token ${next}`);
      logProbabilities.push(Math.log(probability));
    }
    return { tokens, logProbabilities };
  }

  /** Ids of a text as it stands: special tokens in it count as such, nothing is put before it. */
  tokenize(text: string): number[] {
    return [...this.require().model.tokenize(text, true)];
  }

  /** The prompt that the model's own template makes of a conversation, as text. */
  render(messages: readonly Message[]): string {
    const { chat, model } = this.require();
    if (chat === null) throw new RuntimeFailure('no-template', 'The model has no chat template');
    const { contextText } = chat.chatWrapper.generateContextState({ chatHistory: historyOf(messages) });
    return contextText.values.map((part) => textOf(part, model)).join('');
  }

  /**
   * Natural log-probabilities of every token after each of the last `positions` tokens, position by position. A list of
   * the whole vocabulary is sorted for each, so few positions.
   */
  async distributions(tokens: readonly number[], positions: number): Promise<Float32Array> {
    const { sequence } = this.require();
    await sequence.clearHistory();
    const first = tokens.length - positions;
    const evaluated = await sequence.controlledEvaluate(
      tokens.map(
        (token, index): ControlledEvaluateInputItem =>
          index < first ? asToken(token) : [asToken(token), { generateNext: OWN_DISTRIBUTION }],
      ),
    );
    const lists = evaluated.slice(first).map((item) => item?.next.probabilities);
    const size = lists[0]?.size ?? 0;
    const logProbabilities = new Float32Array(positions * size);
    for (const [row, list] of lists.entries()) {
      if (list?.size !== size) throw new RuntimeFailure('other', 'The runtime gave no whole distribution');
      for (const [token, probability] of list) logProbabilities[row * size + token] = Math.log(probability);
    }
    return logProbabilities;
  }

  private require(): Loaded {
    if (this.loaded === null) throw new RuntimeFailure('not-loaded', 'No model is loaded');
    return this.loaded;
  }
}

/** A part of a prompt as the template wrote it; the library keeps special tokens apart. */
function textOf(part: LlamaText['values'][number], model: LlamaModel): string {
  if (typeof part === 'string') return part;
  return part instanceof SpecialToken ? model.detokenize(part.tokenize(model.tokenizer), true) : part.value;
}

/** The library brands ids; ours come from a tokenizer and are checked against the vocabulary by the runtime. */
function asToken(id: number): Token {
  return id as Token;
}

/** The model's own template, taken explicitly: auto-detection may choose a built-in one that differs. */
function chatOf(model: LlamaModel, sequence: LlamaContextSequence): LlamaChat | null {
  const template = model.fileInfo.metadata.tokenizer.chat_template;
  if (template === undefined || template === '') return null;
  const chatWrapper = new JinjaTemplateChatWrapper({
    template,
    tokenizer: model.tokenizer,
    // Done here instead (`fresh`), because a continued answer needs its leading space.
    trimLeadingWhitespaceInResponses: false,
  });
  return new LlamaChat({ contextSequence: sequence, chatWrapper });
}

/** A last message of the assistant is continued; otherwise an empty answer is begun. */
function historyOf(messages: readonly Message[]): ChatHistoryItem[] {
  const history = messages.map((message): ChatHistoryItem => {
    if (message.role === 'assistant') return { type: 'model', response: [message.text] };
    return { type: message.role, text: message.text };
  });
  if (history.at(-1)?.type !== 'model') history.push({ type: 'model', response: [''] });
  return history;
}

/** Leaves out white space before the first word. */
function fresh(onText: (text: string) => void): (text: string) => void {
  let begun = false;
  return (piece) => {
    const text = begun ? piece : piece.trimStart();
    if (text === '') return;
    begun = true;
    onText(text);
  };
}

async function complete(
  loaded: Loaded,
  messages: readonly Message[],
  settings: NonNullable<Parameters<LlamaCompletion['generateCompletionWithMeta']>[1]>,
): Promise<Answer> {
  const text = messages.map((message) => message.text).join('');
  const tokens = loaded.model.tokenize(text, true);
  // The library would cut the start of the text off silently.
  if (tokens.length >= loaded.context.contextSize) {
    throw new RuntimeFailure(
      'too-long',
      `${tokens.length} tokens in a context of ${loaded.context.contextSize}`,
    );
  }
  const completion = new LlamaCompletion({ contextSequence: loaded.sequence });
  try {
    const result = await completion
      .generateCompletionWithMeta(tokens, settings)
      .catch(explainUnless(settings.signal));
    return { stopReason: reasonOf(result.metadata.stopReason), promptTokens: tokens.length };
  } finally {
    completion.dispose({ disposeSequence: false });
  }
}

function reasonOf(reason: string): Answer['stopReason'] {
  if (reason === 'abort') return 'stopped';
  return reason === 'maxTokens' ? 'max-tokens' : 'end';
}

/** A stop before the first token arrives as an error. */
function explainUnless(signal: AbortSignal | undefined): (error: unknown) => never {
  return (error) => {
    if (signal?.aborted) throw new RuntimeFailure('stopped', 'Stopped before the first token', error);
    const text = error instanceof Error ? error.message : String(error);
    const tooLong = /context size|too long|compress/i.test(text);
    throw new RuntimeFailure(tooLong ? 'too-long' : 'other', text, error);
  };
}
