// One model in memory with one context, and what the context holds: evaluates tokens and reads what follows them.
// Knows neither prompts nor sampling.
import { RuntimeFailure } from './failure.ts';
import { batchLists, type TreeToken } from './batch-lists.ts';
import { type Handle, type LlamaLibrary, openLibrary, progressCallback, readFloats } from './library.ts';
import type { Batch } from './structures.ts';
import { BATCH_TOKENS, type LoadSettings, outputsAtOnce } from './protocol.ts';
import { Vocabulary } from './vocabulary.ts';

/**
 * Below this one thread is chosen: threads of llama.cpp wait for each other in a busy loop, and on a loaded machine
 * with two cores a short answer from a 5 MB model, process start included, took 8.4 s with two threads and 1 s with one.
 */
const SINGLE_THREAD_BYTES = 64 * 1024 * 1024;
/** Evaluation of one token that takes longer than this is worth the way to another thread, which keeps messages flowing. */
const ASIDE_MS = 4;

/** Keys and values as `GGML_TYPE_F32`, and `LLAMA_FLASH_ATTN_TYPE_DISABLED`: flash attention adds up in 16 bits on processors. */
const exactAttention = { type_k: 0, type_v: 0, flash_attn_type: 0 } as const;
/** Contexts are made of pieces of so many tokens. */
const CONTEXT_STEP = 256;
/**
 * The file is read, not mapped: weights that the processor wants in another order would be held twice (1.9 GB instead of
 * 1.3 GB for 437M parameters), and a mapped file that somebody replaces ends the process.
 */
const READ_WHOLE = 0;
/** What llama_decode answers when it was told to give up. */
const ABORTED = 2;

export class Model {
  readonly vocabulary: Vocabulary;
  readonly contextTokens: number;
  readonly trainContextTokens: number;
  readonly embeddingSize: number;
  /** Outputs that may be asked for in one evaluation. */
  readonly outputs: number;
  /** Texts that can be read beside each other, the one that is kept among them. */
  readonly sequences: number;
  /** Tokens whose keys and values the context holds, from position 0 on. */
  private held: number[] = [];
  private readonly library: LlamaLibrary;
  private readonly model: Handle;
  private readonly context: Handle;
  private readonly memory: Handle;
  private readonly defaultThreads: number;
  private threads: number;
  private lastTokenMs = Number.POSITIVE_INFINITY;
  private readonly lists = batchLists();
  /** Where logits are read to. */
  private readonly values: Float32Array;
  /** Not 0 in the first byte: give up. */
  private readonly flag = new Uint8Array(8);

  private constructor(
    library: LlamaLibrary,
    handles: { readonly model: Handle; readonly context: Handle },
    { threads, sequences }: { readonly threads: number; readonly sequences: number },
  ) {
    this.library = library;
    this.model = handles.model;
    this.context = handles.context;
    this.memory = library.memoryOf(this.context);
    this.vocabulary = new Vocabulary(library, library.vocabularyOf(this.model));
    this.contextTokens = library.contextSize(this.context);
    this.trainContextTokens = library.trainContext(this.model);
    this.embeddingSize = library.embeddingSize(this.model);
    this.values = new Float32Array(this.vocabulary.size);
    this.outputs = outputsAtOnce(this.vocabulary.size);
    this.sequences = sequences;
    this.defaultThreads = threads;
    this.threads = threads;
    library.watchFlag(this.context, this.flag);
  }

  static async load(
    settings: LoadSettings,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<Model> {
    const log: string[] = [];
    const library = openLibrary(settings.device, (line) => {
      log.push(line);
      if (log.length > 200) log.shift();
    });
    const progress = progressCallback((fraction) => {
      onProgress(fraction);
      return !signal.aborted;
    });
    try {
      const model = await library.loadModel(settings.path, {
        ...library.modelDefaults(),
        n_gpu_layers: settings.device === 'auto' ? -1 : 0,
        load_mode: READ_WHOLE,
        progress_callback: progress.pointer,
      });
      if (signal.aborted) {
        if (model !== null) library.freeModel(model);
        throw new RuntimeFailure('stopped', 'Loading was stopped');
      }
      if (model === null) throw new RuntimeFailure('load', faultIn(log));
      const trained = library.trainContext(model);
      const wanted = settings.contextTokens ?? Math.min(trained, settings.defaultContextTokens);
      const threads =
        settings.sizeBytes < SINGLE_THREAD_BYTES && !settings.threadsAsked ? 1 : settings.threads;
      // A state cannot be shared by what follows it: such models read one text after another.
      const hasState = library.isRecurrent(model) || library.isHybrid(model);
      const sequences = hasState ? 1 : (settings.sequences ?? 1);
      const context = await library.openContext(model, {
        ...library.contextDefaults(),
        // llama.cpp rounds the context up but not the batch, and then gives up on a batch that is larger.
        n_ctx: Math.ceil(Math.min(wanted, trained) / CONTEXT_STEP) * CONTEXT_STEP,
        n_batch: BATCH_TOKENS,
        n_ubatch: BATCH_TOKENS,
        // More than are ever asked for at once: below n_ubatch a prompt is read in smaller pieces, a fifth more slowly. Room for
        // logits that nobody asks for is never touched.
        n_outputs_max: BATCH_TOKENS,
        n_seq_max: sequences,
        ...(sequences > 1 ? { kv_unified: true } : {}),
        ...(settings.isExact ? exactAttention : {}),
        n_threads: threads,
        n_threads_batch: threads,
      });
      if (context === null) {
        library.freeModel(model);
        throw new RuntimeFailure('memory', faultIn(log));
      }
      return new Model(library, { model, context }, { threads, sequences });
    } finally {
      progress.release();
    }
  }

  get api(): LlamaLibrary {
    return this.library;
  }

  get contextHandle(): Handle {
    return this.context;
  }

  free(): void {
    this.library.freeContext(this.context);
    this.library.freeModel(this.model);
  }

  /** Null goes back to what the model was loaded with. */
  useThreads(threads: number | null): void {
    const wanted = threads ?? this.defaultThreads;
    if (wanted === this.threads) return;
    this.library.setThreads(this.context, wanted, wanted);
    this.threads = wanted;
    this.lastTokenMs = Number.POSITIVE_INFINITY;
  }

  /** How much of these tokens, from the first on, needs no evaluation. */
  shared(tokens: readonly number[]): number {
    let count = 0;
    while (count < tokens.length && count < this.held.length && tokens[count] === this.held[count])
      count += 1;
    return count;
  }

  /** Keeps the first `count` tokens of what the context holds. Returns how many could be kept: all or none. */
  keep(count: number): number {
    if (count >= this.held.length) return this.held.length;
    const kept = count > 0 && this.library.forget(this.memory, 0, count, -1) ? count : 0;
    if (kept === 0) this.library.forgetAll(this.memory, false);
    this.held.length = kept;
    return kept;
  }

  /**
   * Evaluates tokens after those held. `wanted` says which of them (by index, ascending, at most `outputs`) are asked
   * what follows. At most BATCH_TOKENS. Throws `too-long` beyond the context, and `stopped` between two operations: what was
   * held before is held still.
   */
  async evaluate(tokens: readonly number[], wanted: readonly number[], signal?: AbortSignal): Promise<void> {
    const start = this.held.length;
    if (start + tokens.length > this.contextTokens) {
      throw new RuntimeFailure('too-long', `${start + tokens.length} tokens in ${this.contextTokens}`);
    }
    const { token, position, output } = this.lists;
    for (const [index, id] of tokens.entries()) {
      token[index] = id;
      position[index] = start + index;
      output[index] = 0;
    }
    for (const index of wanted) output[index] = 1;
    const batch = { ...this.lists.batch, n_tokens: tokens.length };
    const startedMs = performance.now();
    const isQuick = tokens.length === 1 && this.lastTokenMs < ASIDE_MS;
    const status = isQuick ? this.library.decode(this.context, batch) : await this.decodeUntil(batch, signal);
    if (tokens.length === 1) this.lastTokenMs = performance.now() - startedMs;
    if (status === ABORTED && this.library.forget(this.memory, 0, start, -1)) {
      throw new RuntimeFailure('stopped', 'Stopped while tokens were read');
    }
    if (status !== 0) {
      // What the context holds is unknown now.
      this.keep(0);
      throw new RuntimeFailure(status === 1 ? 'too-long' : 'other', `evaluation ended with ${status}`);
    }
    for (const id of tokens) this.held.push(id);
  }

  private async decodeUntil(batch: Batch, signal: AbortSignal | undefined): Promise<number> {
    const stop = () => {
      this.flag[0] = 1;
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      return await this.library.decodeAside(this.context, batch);
    } finally {
      signal?.removeEventListener('abort', stop);
      this.flag[0] = 0;
    }
  }

  /**
   * Evaluates several texts beside each other that go on from the first `base` tokens held; `sequences` of them besides the one that
   * is kept. Afterwards only the base is held. Throws `too-long` beyond the context.
   */
  async evaluateTree(tokens: readonly TreeToken[], sequences: number, base: number): Promise<void> {
    const { token, position, output, counts, sequence } = this.lists;
    for (let other = 1; other <= sequences; other += 1)
      if (base > 0) this.library.share(this.memory, 0, other, 0, base);
    for (const [index, one] of tokens.entries()) {
      token[index] = one.id;
      position[index] = one.position;
      output[index] = one.isAsked ? 1 : 0;
      counts[index] = one.sequences;
      sequence[index] = this.lists.sequenceAt(one.sequence);
    }
    try {
      const batch = { ...this.lists.batch, n_tokens: tokens.length };
      const status = await this.library.decodeAside(this.context, batch);
      if (status !== 0) {
        this.library.forgetAll(this.memory, false);
        this.held.length = 0;
        throw new RuntimeFailure(status === 1 ? 'too-long' : 'other', `evaluation ended with ${status}`);
      }
      for (let other = 1; other <= sequences; other += 1) this.library.forget(this.memory, other, -1, -1);
    } finally {
      counts.fill(1);
      sequence.fill(this.lists.sequenceAt(0));
    }
  }

  /** Logits after the token at this index of the last evaluation, until they are asked for again. */
  logits(index: number): Float32Array {
    const from = this.library.logits(this.context, index);
    if (from === null) throw new RuntimeFailure('other', `no logits at ${index}`);
    readFloats(from, this.values);
    return this.values;
  }

  embedding(index: number): Float32Array {
    const from = this.library.embeddings(this.context, index);
    if (from === null) throw new RuntimeFailure('other', 'the model gives no embeddings');
    const values = new Float32Array(this.embeddingSize);
    readFloats(from, values);
    return values;
  }
}

/** The line of the log that says what is wrong, else the last one. */
function faultIn(log: readonly string[]): string {
  const lines = log.map((line) => line.trim()).filter((line) => line !== '');
  return (
    lines.find((line) => /error|fail|invalid|unable|missing/i.test(line)) ?? lines.at(-1) ?? 'no reason given'
  );
}
