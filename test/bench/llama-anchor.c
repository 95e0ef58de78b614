// llama.cpp through its own C interface, for the bench of chat: reads lines from stdin, answers each with milliseconds.
// `P n`: forgets everything and reads n tokens. `G n`: writes n tokens, always the likeliest. `W n`: right after `P`, forgets the
// last n tokens and reads n others.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "llama.h"
#include "ggml-backend.h"

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void quiet(enum ggml_log_level level, const char * text, void * data) {
    (void) level; (void) text; (void) data;
}

int main(int argc, char ** argv) {
    if (argc < 5) return 2;
    int threads = atoi(argv[2]);
    int context_tokens = atoi(argv[3]);
    llama_log_set(quiet, NULL);
    ggml_backend_load_all_from_path(argv[4]);
    llama_backend_init();
    struct llama_model_params mp = llama_model_default_params();
    mp.n_gpu_layers = 0;
    struct llama_model * model = llama_model_load_from_file(argv[1], mp);
    if (!model) return 1;
    struct llama_context_params cp = llama_context_default_params();
    cp.n_ctx = context_tokens;
    cp.n_batch = 512;
    cp.n_ubatch = 512;
    cp.n_threads = threads;
    cp.n_threads_batch = threads;
    struct llama_context * context = llama_init_from_model(model, cp);
    if (!context) return 1;
    int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
    struct llama_sampler * sampler = llama_sampler_chain_init(llama_sampler_chain_default_params());
    llama_sampler_chain_add(sampler, llama_sampler_init_greedy());
    llama_token tokens[8192];
    llama_token last = 0;
    printf("ready\n");
    fflush(stdout);
    char kind;
    int count;
    int held = 0;
    while (scanf(" %c %d", &kind, &count) == 2) {
        double start = now_ms();
        if (kind == 'P') {
            llama_memory_clear(llama_get_memory(context), false);
            for (int i = 0; i < count; i++) tokens[i] = (i * 7919 + 11) % vocabulary;
            for (int at = 0; at < count; at += 512) {
                int size = count - at < 512 ? count - at : 512;
                if (llama_decode(context, llama_batch_get_one(tokens + at, size))) return 1;
            }
            last = llama_sampler_sample(sampler, context, -1);
            held = count;
        } else if (kind == 'W') {
            llama_memory_seq_rm(llama_get_memory(context), 0, held - count, -1);
            for (int i = 0; i < count; i++) tokens[i] = (i * 7919 + 13) % vocabulary;
            if (llama_decode(context, llama_batch_get_one(tokens, count))) return 1;
            last = llama_sampler_sample(sampler, context, -1);
        } else {
            for (int i = 0; i < count; i++) {
                if (llama_decode(context, llama_batch_get_one(&last, 1))) return 1;
                last = llama_sampler_sample(sampler, context, -1);
            }
        }
        printf("%f\n", now_ms() - start);
        fflush(stdout);
    }
    llama_sampler_free(sampler);
    llama_free(context);
    llama_model_free(model);
    return 0;
}
