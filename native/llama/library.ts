// llama.cpp's C interface as typed functions: what llama.h of the bundled release declares, nothing more.
// Knows no models; a wrong call here can end the process, which is why it is a child.
import koffi from 'koffi';
import { findLibrary } from './library-folder.ts';
import {
  type Batch,
  type ContextParameters,
  defineStructures,
  type ModelParameters,
  type Pointer,
} from './structures.ts';

export type Handle = bigint;

export interface LlamaLibrary {
  modelDefaults(): ModelParameters;
  contextDefaults(): ContextParameters;
  /** Null when the file cannot be loaded; the log says why. */
  loadModel(path: string, parameters: ModelParameters): Promise<Handle | null>;
  openContext(model: Handle, parameters: ContextParameters): Promise<Handle | null>;
  freeModel(model: Handle): void;
  freeContext(context: Handle): void;
  vocabularyOf(model: Handle): Handle;
  memoryOf(context: Handle): Handle;
  trainContext(model: Handle): number;
  embeddingSize(model: Handle): number;
  contextSize(context: Handle): number;
  setThreads(context: Handle, generate: number, batch: number): void;
  setEmbeddings(context: Handle, on: boolean): void;
  setCausal(context: Handle, on: boolean): void;
  forgetAll(memory: Handle, data: boolean): void;
  /** False where a part cannot be taken away. `to` -1 is the end. */
  forget(memory: Handle, sequence: number, from: number, to: number): boolean;
  /** Gives another sequence the tokens of one between two positions; nothing is copied where sequences share one memory. */
  share(memory: Handle, sequence: number, other: number, from: number, to: number): void;
  /** Models that keep a state instead of tokens, all or in part. */
  isRecurrent(model: Handle): boolean;
  isHybrid(model: Handle): boolean;
  /** 0 is success, 1 no room, 2 aborted, below 0 failure. */
  decode(context: Handle, batch: Batch): number;
  decodeAside(context: Handle, batch: Batch): Promise<number>;
  /** Evaluation is given up as soon as the first byte of `flag` is not 0. `flag` must stay, with a 0 at its end. */
  watchFlag(context: Handle, flag: Uint8Array): void;
  logits(context: Handle, output: number): Pointer;
  embeddings(context: Handle, output: number): Pointer;
  vocabularySize(vocabulary: Handle): number;
  attributes(vocabulary: Handle, token: number): number;
  endsGeneration(vocabulary: Handle, token: number): boolean;
  isControl(vocabulary: Handle, token: number): boolean;
  beginToken(vocabulary: Handle): number;
  endToken(vocabulary: Handle): number;
  tokenText(vocabulary: Handle, token: number): string | null;
  /** Below 0: how many there would be. */
  tokenize(
    vocabulary: Handle,
    text: bigint,
    bytes: number,
    into: bigint,
    room: number,
    addSpecial: boolean,
    parseSpecial: boolean,
  ): number;
  piece(
    vocabulary: Handle,
    token: number,
    into: bigint,
    room: number,
    strip: number,
    special: boolean,
  ): number;
  chain(parameters: { readonly no_perf: boolean }): Handle;
  addToChain(chain: Handle, sampler: Handle): void;
  freeSampler(sampler: Handle): void;
  sample(chain: Handle, context: Handle, output: number): number;
  accept(sampler: Handle, token: number): void;
  apply(sampler: Handle, candidates: bigint): void;
  greedy(): Handle;
  distribution(seed: number): Handle;
  topK(k: number): Handle;
  topP(p: number, keep: number): Handle;
  minP(p: number, keep: number): Handle;
  temperature(t: number): Handle;
  xtc(probability: number, threshold: number, keep: number, seed: number): Handle;
  penalties(
    vocabularySize: number,
    last: number,
    repeat: number,
    frequency: number,
    presence: number,
  ): Handle;
  dry(
    vocabulary: Handle,
    strength: number,
    base: number,
    allowed: number,
    last: number,
    breakers: readonly string[],
    count: number,
  ): Handle;
  /** `biases`: the address of pairs of int32 token and float32 bias, in memory that stays. */
  bias(vocabularySize: number, count: number, biases: bigint): Handle;
  /** Null when the grammar has a fault; the log says which. */
  grammar(vocabulary: Handle, gbnf: string, root: string): Handle | null;
}

const signatures = {
  modelDefaults: 'llama_model_params llama_model_default_params()',
  contextDefaults: 'llama_context_params llama_context_default_params()',
  freeModel: 'void llama_model_free(void* model)',
  freeContext: 'void llama_free(void* context)',
  vocabularyOf: 'void* llama_model_get_vocab(void* model)',
  memoryOf: 'void* llama_get_memory(void* context)',
  trainContext: 'int32_t llama_model_n_ctx_train(void* model)',
  embeddingSize: 'int32_t llama_model_n_embd_out(void* model)',
  contextSize: 'uint32_t llama_n_ctx(void* context)',
  setThreads: 'void llama_set_n_threads(void* context, int32_t one, int32_t many)',
  setEmbeddings: 'void llama_set_embeddings(void* context, bool on)',
  setCausal: 'void llama_set_causal_attn(void* context, bool on)',
  forgetAll: 'void llama_memory_clear(void* memory, bool data)',
  forget: 'bool llama_memory_seq_rm(void* memory, int32_t sequence, int32_t from, int32_t to)',
  share: 'void llama_memory_seq_cp(void* memory, int32_t sequence, int32_t other, int32_t from, int32_t to)',
  isRecurrent: 'bool llama_model_is_recurrent(void* model)',
  isHybrid: 'bool llama_model_is_hybrid(void* model)',
  decode: 'int32_t llama_decode(void* context, llama_batch batch)',
  logits: 'void* llama_get_logits_ith(void* context, int32_t output)',
  embeddings: 'void* llama_get_embeddings_ith(void* context, int32_t output)',
  vocabularySize: 'int32_t llama_vocab_n_tokens(void* vocabulary)',
  attributes: 'int llama_vocab_get_attr(void* vocabulary, int32_t token)',
  endsGeneration: 'bool llama_vocab_is_eog(void* vocabulary, int32_t token)',
  isControl: 'bool llama_vocab_is_control(void* vocabulary, int32_t token)',
  beginToken: 'int32_t llama_vocab_bos(void* vocabulary)',
  endToken: 'int32_t llama_vocab_eos(void* vocabulary)',
  tokenText: 'const char* llama_vocab_get_text(void* vocabulary, int32_t token)',
  tokenize:
    'int32_t llama_tokenize(void* vocabulary, void* text, int32_t bytes, void* into, int32_t room, bool add, bool parse)',
  piece:
    'int32_t llama_token_to_piece(void* vocabulary, int32_t token, void* into, int32_t room, int32_t strip, bool special)',
  chain: 'void* llama_sampler_chain_init(llama_sampler_chain_params parameters)',
  addToChain: 'void llama_sampler_chain_add(void* chain, void* sampler)',
  freeSampler: 'void llama_sampler_free(void* sampler)',
  sample: 'int32_t llama_sampler_sample(void* chain, void* context, int32_t output)',
  accept: 'void llama_sampler_accept(void* sampler, int32_t token)',
  apply: 'void llama_sampler_apply(void* sampler, void* candidates)',
  greedy: 'void* llama_sampler_init_greedy()',
  distribution: 'void* llama_sampler_init_dist(uint32_t seed)',
  topK: 'void* llama_sampler_init_top_k(int32_t k)',
  topP: 'void* llama_sampler_init_top_p(float p, size_t keep)',
  minP: 'void* llama_sampler_init_min_p(float p, size_t keep)',
  temperature: 'void* llama_sampler_init_temp(float t)',
  xtc: 'void* llama_sampler_init_xtc(float p, float t, size_t keep, uint32_t seed)',
  penalties:
    'void* llama_sampler_init_penalties(int32_t size, int32_t last, float repeat, float frequency, float presence)',
  dry: 'void* llama_sampler_init_dry(void* vocabulary, float strength, float base, int32_t allowed, int32_t last, const char** breakers, size_t count)',
  bias: 'void* llama_sampler_init_logit_bias(int32_t size, int32_t count, void* biases)',
  grammar: 'void* llama_sampler_init_grammar(void* vocabulary, const char* gbnf, const char* root)',
} satisfies Partial<Record<keyof LlamaLibrary, string>>;

/** Texts are tokenized with patterns that recurse once per character or so: they need room. */
const STACK_BYTES = 16 * 1024 * 1024;

let opened: LlamaLibrary | null = null;

/**
 * Opens the library once for the process. `log` gets every line that llama.cpp writes.
 * Throws an Error where no library is installed for this computer.
 */
export function openLibrary(device: 'cpu' | 'auto', log: (line: string) => void): LlamaLibrary {
  if (opened !== null) return opened;
  const files = findLibrary(device);
  if (files === null) throw new Error('llama.cpp is not installed for this computer');
  koffi.config({ sync_stack_size: STACK_BYTES, async_stack_size: STACK_BYTES });
  defineStructures();
  const ggml = koffi.load(files.ggml);
  const llama = koffi.load(files.llama);
  const onLog = koffi.register(
    (_level: number, line: string) => log(line),
    koffi.pointer('ggml_log_callback'),
  );
  llama.func('void llama_log_set(void* callback, void* data)')(onLog, null);
  ggml.func('void ggml_backend_load_all_from_path(const char* path)')(files.folder);
  llama.func('void llama_backend_init()')();

  const direct = Object.fromEntries(
    Object.entries(signatures).map(([name, signature]) => [name, llama.func(signature)]),
  ) as unknown as Omit<LlamaLibrary, 'loadModel' | 'openContext' | 'decodeAside' | 'watchFlag'>;
  const load = llama.func(
    'void* llama_model_load_from_file(const char* path, llama_model_params parameters)',
  );
  const open = llama.func('void* llama_init_from_model(void* model, llama_context_params parameters)');
  const decode = llama.func(signatures.decode);
  const setAbort = llama.func('void llama_set_abort_callback(void* context, void* callback, void* data)');
  const isFlagSet = flagReader();
  opened = {
    ...direct,
    loadModel: (path, parameters) => aside<Handle | null>(load, path, parameters),
    openContext: (model, parameters) => aside<Handle | null>(open, model, parameters),
    decodeAside: (context, batch) => aside<number>(decode, context, batch),
    watchFlag(context, flag) {
      if (isFlagSet !== null) setAbort(context, isFlagSet, addressOf(flag));
    },
  };
  return opened;
}

/**
 * llama.cpp asks between operations whether to give up, on the thread that computes. A function of ours would have to be
 * called back on this thread, hundreds of times a token; C's own strlen says the same of a text in our memory: 0 while it is
 * empty. Null where it cannot be found: evaluation then ends with its batch.
 */
function flagReader(): bigint | null {
  try {
    const found: unknown = standardLibrary().symbol('strlen');
    return typeof found === 'bigint' ? found : null;
  } catch {
    return null;
  }
}

function standardLibrary(): ReturnType<typeof koffi.load> {
  return koffi.load(process.platform === 'win32' ? 'ucrtbase.dll' : null);
}

/** On a thread of its own, so that messages are read meanwhile. */
function aside<T>(
  call: { readonly async: (...parameters: unknown[]) => void },
  ...parameters: readonly unknown[]
): Promise<T> {
  return new Promise((resolve, reject) => {
    call.async(...parameters, (error: unknown, result: T) => {
      if (error instanceof Error) reject(error);
      else resolve(result);
    });
  });
}

let copyBytes: ((to: bigint, from: bigint, bytes: number) => unknown) | null = null;

/** Fills `into` out of the library's memory. A new array each time would be garbage of the size of a vocabulary a token. */
export function readFloats(from: bigint, into: Float32Array): void {
  copyBytes ??= copier();
  copyBytes(addressOf(into), from, into.byteLength);
}

function copier(): (to: bigint, from: bigint, bytes: number) => unknown {
  return standardLibrary().func('void* memcpy(void* to, void* from, size_t bytes)');
}

/** Memory of a typed array stays where it is as long as the array is kept. */
export function addressOf(array: ArrayBufferView): bigint {
  return koffi.address(array);
}

/** A function that the library may call while a model is loaded: true goes on. */
export function progressCallback(onProgress: (fraction: number) => boolean): {
  readonly pointer: bigint;
  release(): void;
} {
  const pointer = koffi.register(
    (fraction: number) => onProgress(fraction),
    koffi.pointer('llama_progress_callback'),
  );
  return { pointer, release: () => koffi.unregister(pointer) };
}
