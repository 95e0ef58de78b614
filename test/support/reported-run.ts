// A workspace with a run that has everything a report draws on: a log of 4,000 steps, a config, data that other runs made with a filter
// recipe, checkpoints, evaluations, answers to a prompt suite; and one with nothing but a log. Names and texts are as hostile as asked.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunId } from '../../core/api/runs.ts';
import { nanotronLog, nanotronSteps } from './nanotron-log.ts';
import { writeFiles } from './test-core.ts';

export const FULL = 'zagreus-2026-11-20' as RunId;
export const BARE = 'bare-2026-11-21' as RunId;
export const HOSTILE = `<img src=x onerror=alert(1)></script><script>alert(2)</script> [x](javascript:alert(3)) | **b** "'& \u202etxt`;
export const STEPS = 4000;

const ENDED_MS = Date.UTC(2026, 10, 20, 12);
const TARGET = 'leonardo';

function record(id: string, change: object): string {
  return JSON.stringify({
    format: 1,
    id,
    name: id,
    recipe: 'command',
    target: TARGET,
    createdMs: ENDED_MS - 90_000_000,
    parameters: {},
    command: ['true'],
    workingFolder: '.',
    environment: {},
    config: null,
    git: { branch: 'main', commit: '0123456789abcdef' },
    mainMetrics: ['lm_loss'],
    exitCodes: {},
    host: 'laptop',
    history: [
      { state: 'starting', atMs: ENDED_MS - 90_000_000 },
      { state: 'running', atMs: ENDED_MS - 86_400_000 },
      { state: 'done', atMs: ENDED_MS },
    ],
    end: { endedMs: ENDED_MS, exitCode: 0, signal: null, reason: 'Finished' },
    remote: {
      folder: `~/runs/${id}`,
      token: 'abc',
      resources: { gpusPerNode: 4, nodes: 2 },
      scheduler: 'slurm',
    },
    ...change,
  });
}

export async function writeReportedRuns(workspace: string, name = 'Zagreus 0.4B ita'): Promise<void> {
  const config = [
    'general: {project: zagreus, run: ita, seed: 42}',
    'checkpoints: {checkpoints_path: /scratch/check, checkpoint_interval: 1000}',
    'data_stages:',
    '- name: stable',
    '  start_training_step: 1',
    '  data: {dataset: {dataset_folder: [/scratch/tokens/merged, /scratch/other]}, num_loading_workers: 1, seed: 42}',
    'model: {model_config: {is_llama_config: true, hidden_size: 256, intermediate_size: 512, num_hidden_layers: 4, num_attention_heads: 4, num_key_value_heads: 4, vocab_size: 8192, max_position_embeddings: 512, tie_word_embeddings: true}}',
    'parallelism: {dp: 8, tp: 1, pp: 1}',
    'tokenizer: {tokenizer_name_or_path: meta-llama/Llama-3.2-1B}',
    'tokens: {sequence_length: 4096, train_steps: 4000, micro_batch_size: 4, batch_accumulation_per_replica: 1}',
    '',
  ].join('\n');
  const log = nanotronLog(nanotronSteps(STEPS), 'new');
  const life = (step: number) =>
    JSON.stringify({
      format: 1,
      runId: FULL,
      runName: name,
      step,
      tokens: step * 131_072,
      source: { target: TARGET, path: `/scratch/check/${step}`, layout: 'nanotron' },
      pulled: null,
      models: [
        {
          file: 'model-q8_0.gguf',
          type: 'q8_0',
          sizeBytes: 1000,
          weightsKey: 'k',
          weightsSha256: 'ab'.repeat(32),
          convertedMs: ENDED_MS,
          warnings: [],
          verified: {
            atMs: ENDED_MS,
            verdict: 'equal',
            reasons: [],
            top1: 1,
            largestGap: 0,
            meanDivergence: 0,
          },
        },
      ],
    });
  const answer = (step: number, index: number) =>
    JSON.stringify({
      key: `${step}-${index}`,
      prompt: `p${index}`,
      sampler: 'greedy',
      text:
        index === 0
          ? `${HOSTILE}\n\`\`\`\nend`
          : `Risposta ${index} del passo ${step}. ${'parola '.repeat(index * 80)}`,
      tokens: 10,
      promptTokens: 5,
      stopReason: 'end',
      tokensPerSecond: 10,
      createdMs: ENDED_MS,
      model: `checkpoints/${FULL}/${step}/model-q8_0.gguf`,
      identity: `i${step}`,
      template: '',
    });
  const prompts = Array.from(
    { length: 20 },
    (_, index) => `- {id: p${index}, text: 'Domanda ${index}?', checks: [{contains: Risposta}]}`,
  );
  await writeFiles(workspace, {
    'studio.yaml': `name: t\ntargets:\n- {name: ${TARGET}, kind: slurm, host: nowhere}\n`,
    'filters/jql.json': '{"format": 1, "name": "jql 0.7"}\n',
    [`runs/${FULL}/run.json`]: record(FULL, {
      name,
      recipe: 'pretrain-nanotron',
      parameters: { code: '~/nanotron', config: 'configs/zagreus.yaml', more: "it's" },
      command: ['torchrun', 'run_train.py', '--config-file', 'configs/zagreus.yaml'],
      config: { path: 'configs/zagreus.yaml', version: 'v', text: config },
    }),
    [`runs/${FULL}/log.txt`]: log,
    'runs/tokenize-2026-11-10/run.json': record('tokenize-2026-11-10', {
      recipe: 'tokenize',
      parameters: { input: '/scratch/filtered/kept', output: '/scratch/tokens' },
    }),
    'runs/filter-2026-11-09/run.json': record('filter-2026-11-09', {
      recipe: 'filter',
      parameters: { input: '/scratch/scored', output: '/scratch/filtered', recipe: 'filters/jql.json' },
    }),
    [`runs/${BARE}/run.json`]: record(BARE, {
      target: 'this-computer',
      remote: null,
      mainMetrics: [],
      end: null,
    }),
    [`runs/${BARE}/log.txt`]: 'it began\n',
    [`checkpoints/${FULL}/2000/checkpoint.json`]: life(2000),
    [`checkpoints/${FULL}/4000/checkpoint.json`]: life(4000),
    [`.studio/checkpoints/${FULL}.json`]: JSON.stringify({
      checkpoints: [2000, 4000].map((step) => ({
        name: String(step),
        path: `/scratch/check/${step}`,
        layout: 'nanotron',
        step,
        problem: null,
        isLatest: step === 4000,
        tokens: step * 131_072,
        sizeBytes: 2_600_000_000,
        files: 20,
        savedMs: ENDED_MS,
        topology: null,
      })),
      folders: ['/scratch/check'],
      lookedMs: ENDED_MS,
      problem: null,
      disk: null,
    }),
    'suites/italiano.yaml': `title: Italiano\nlanguage: it\nprompts:\n${prompts.join('\n')}\n`,
    'evals/suites/italiano/a.jsonl': `${Array.from({ length: 20 }, (_, index) => answer(2000, index)).join('\n')}\n`,
    'evals/suites/italiano/b.jsonl': `${Array.from({ length: 20 }, (_, index) => answer(4000, index)).join('\n')}\n`,
  });
  for (const [step, shift] of [
    [2000, 0],
    [4000, 0.05],
  ] as const)
    writeEvaluation(workspace, step, shift);
}

/** Three tasks of the Zagreus table, so that published values stand beside them. */
function writeEvaluation(workspace: string, step: number, shift: number): void {
  const folder = join(workspace, 'evals/results', `step-${step}`);
  mkdirSync(folder, { recursive: true });
  const values = { m_mmlu_it: 0.2561, hellaswag_it: 0.3321, arc_it: 0.2763 };
  const results = {
    results: Object.fromEntries(
      Object.entries(values).map(([task, value]) => [
        task,
        task === 'm_mmlu_it'
          ? { alias: task, 'acc,none': value + shift, 'acc_stderr,none': 0.0038 }
          : {
              alias: task,
              'acc,none': value + shift - 0.02,
              'acc_stderr,none': 0.0049,
              'acc_norm,none': value + shift,
              'acc_norm_stderr,none': 0.0051,
            },
      ]),
    ),
    versions: { m_mmlu_it: 0, hellaswag_it: 1, arc_it: 2 },
    'n-shot': { m_mmlu_it: 5, hellaswag_it: 0, arc_it: 0 },
    higher_is_better: {},
    'n-samples': Object.fromEntries(
      Object.entries({ m_mmlu_it: 13_237, hellaswag_it: 9193, arc_it: 1169 }).map(([task, original]) => [
        task,
        { original, effective: original },
      ]),
    ),
    config: { model: 'hf', model_args: `pretrained=/scratch/check/hf/${step}`, limit: null },
    date: ENDED_MS / 1000,
    lm_eval_version: '0.4.9',
    model_name: `/scratch/check/hf/${step}`,
  };
  const name = 'results_2026-11-20T12-00-00.000000.json';
  writeFileSync(join(folder, name), JSON.stringify(results, null, 2));
  writeFileSync(
    join(folder, 'import.json'),
    JSON.stringify({ format: 1, model: null, run: FULL, step, files: [] }),
  );
}
