// llama.cpp's structures that are passed by value, member by member as in llama.h of the release that
// node-llama-cpp 3.21.1 brings (llama/gitRelease.bundle). A test compares their default values with those that are known.
import koffi from 'koffi';

/** An address in the library's memory. */
export type Pointer = bigint | null;

export interface ModelParameters {
  readonly n_gpu_layers: number;
  readonly load_mode: number;
  readonly progress_callback: Pointer;
  readonly use_extra_bufts: boolean;
  readonly vocab_only: boolean;
}

export interface ContextParameters {
  readonly n_ctx: number;
  readonly n_batch: number;
  readonly n_ubatch: number;
  readonly n_seq_max: number;
  readonly n_outputs_max: number;
  readonly n_threads: number;
  readonly n_threads_batch: number;
  readonly pooling_type: number;
  readonly flash_attn_type: number;
  readonly type_k: number;
  readonly type_v: number;
  readonly embeddings: boolean;
  readonly no_perf: boolean;
  readonly swa_full: boolean;
  readonly kv_unified: boolean;
}

/** Lists are addresses, so that the same memory serves every call. */
export interface Batch {
  readonly n_tokens: number;
  readonly token: bigint;
  readonly embd: null;
  readonly pos: bigint;
  readonly n_seq_id: bigint;
  readonly seq_id: bigint;
  readonly logits: bigint;
}

/** Named types live for the whole process, and a second definition of one is an error: made once. */
export function defineStructures(): void {
  koffi.struct('llama_model_params', {
    devices: 'void*',
    tensor_buft_overrides: 'void*',
    n_gpu_layers: 'int32_t',
    split_mode: 'int',
    load_mode: 'int',
    lazy_mode: 'int',
    main_gpu: 'int32_t',
    tensor_split: 'void*',
    progress_callback: 'void*',
    progress_callback_user_data: 'void*',
    kv_overrides: 'void*',
    vocab_only: 'bool',
    check_tensors: 'bool',
    use_extra_bufts: 'bool',
    no_host: 'bool',
    no_alloc: 'bool',
    load_mtp: 'bool',
  });
  koffi.struct('llama_context_params', {
    n_ctx: 'uint32_t',
    n_batch: 'uint32_t',
    n_ubatch: 'uint32_t',
    n_seq_max: 'uint32_t',
    n_rs_seq: 'uint32_t',
    n_outputs_max: 'uint32_t',
    n_outputs_max_per_seq: 'uint32_t',
    n_threads: 'int32_t',
    n_threads_batch: 'int32_t',
    ctx_type: 'int',
    rope_scaling_type: 'int',
    pooling_type: 'int',
    attention_type: 'int',
    flash_attn_type: 'int',
    rope_freq_base: 'float',
    rope_freq_scale: 'float',
    yarn_ext_factor: 'float',
    yarn_attn_factor: 'float',
    yarn_beta_fast: 'float',
    yarn_beta_slow: 'float',
    yarn_orig_ctx: 'uint32_t',
    defrag_thold: 'float',
    cb_eval: 'void*',
    cb_eval_user_data: 'void*',
    type_k: 'int',
    type_v: 'int',
    abort_callback: 'void*',
    abort_callback_data: 'void*',
    embeddings: 'bool',
    offload_kqv: 'bool',
    no_perf: 'bool',
    op_offload: 'bool',
    swa_full: 'bool',
    kv_unified: 'bool',
    samplers: 'void*',
    n_samplers: 'size_t',
    ctx_other: 'void*',
  });
  koffi.struct('llama_batch', {
    n_tokens: 'int32_t',
    token: 'void*',
    embd: 'void*',
    pos: 'void*',
    n_seq_id: 'void*',
    seq_id: 'void*',
    logits: 'void*',
  });
  koffi.struct('llama_sampler_chain_params', { no_perf: 'bool' });
  koffi.proto('bool llama_progress_callback(float progress, void* user_data)');
  koffi.proto('void ggml_log_callback(int level, const char* text, void* user_data)');
}
