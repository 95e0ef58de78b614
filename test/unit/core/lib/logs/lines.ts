// Log lines for the parser tests: the published samples and their variants.

export const newSample =
  '12/21 01:39:51 [INFO|DP=0|TP=0|lrdn0007]: iteration: 211364 / 1500000 | consumed_tokens: 480B | time_per_iteration_ms: 8.79K | tokens_per_sec: 182K | tokens_per_sec_per_gpu: 699 | global_batch_size: 1.6M | grad_norm: 0.112 | lm_loss: 2.04 | lr: 0.0001 | model_tflops_per_gpu: 15.4 | eta: 131 days, 1:45:39';
export const nextSample =
  '12/21 01:40:00 [INFO|DP=0|TP=0|lrdn0007]: iteration: 211365 / 1500000 | consumed_tokens: 480B | time_per_iteration_ms: 8.74K | tokens_per_sec: 183K | tokens_per_sec_per_gpu: 703 | global_batch_size: 1.6M | grad_norm: 0.105 | lm_loss: 2.06 | lr: 0.0001 | model_tflops_per_gpu: 15.5 | eta: 130 days, 9:39:28';
export const oldSample =
  '12/04/2024 13:14:12 [INFO|DP=0|PP=0|TP=0]: iteration: 1401 / 1500 | consumed_tokens: 2.87M | elapsed_time_per_iteration_ms: 255 | tokens_per_sec: 8.03K | tokens_per_sec_per_gpu: 8.03K | global_batch_size: 8 | lm_loss: 6.67 | lr: 4.37e-05 | model_tflops_per_gpu: 0.0291 | hardware_tflops_per_gpu: 0.0291 | grad_norm: 0.412 | cuda_memory_allocated: 7.92G | cuda_max_memory_reserved: 8.5G | hd_total_memory_tb: 312G | hd_used_memory_tb: 68.8G | hd_free_memory_tb: 243G';

/** As main writes it to a file: colours before the date and after the bracket. */
export const withAnsi = (line: string) => `\u001b[2;3m${line.replace(']: ', ']\u001b[0m: ')}`;

export const bytes = (text: string) => new TextEncoder().encode(text);
