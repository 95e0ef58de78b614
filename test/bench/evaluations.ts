// Benchmarks of models: choices that share their question against each read from its start, and a table of a thousand result
// files against reading and parsing them; choices against lm-eval itself where there is a Python with it. Exports: bench. In turns; the fastest round of each counts.
import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCore } from '../../core/core.ts';
import { createChatEngine } from '../../core/services/model-runtime/engine.ts';
import { EVALUATION_SEQUENCES } from '../../core/services/evaluations/local/evaluate-cell.ts';
import { readLeaderboard } from '../../core/services/evaluations/results/leaderboard.ts';
import { openResults } from '../../core/services/evaluations/results/results-index.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import { createSignalBus } from '../../core/services/signal-bus.ts';
import type { OpenWorkspace, RunTouch } from '../../core/services/workspace/holder.ts';
import { lmEvalBench } from './lm-eval.ts';
import type { Measurement } from './measurement.ts';

const ROUNDS = 3;
const QUESTIONS = 24;
/** About 300 tokens of the sample model, which reads 512. */
const SENTENCES = 30;

export async function bench(): Promise<readonly Measurement[]> {
  return [await sharedQuestions(), ...(await lmEvalBench()), ...(await manyFiles())];
}

async function sharedQuestions(): Promise<Measurement> {
  const appFolder = findAppFolder(import.meta.dirname);
  const modelPath = join(appFolder, 'resources/sample-workspace/models/nesso-tiny/nesso-tiny-f16.gguf');
  const open = (sequences: number) =>
    createChatEngine({
      appFolder,
      settings: async () => ({ llamaDevice: 'cpu' as const, llamaThreads: 1 }),
      sequences,
    });
  const [engine, naive] = [open(EVALUATION_SEQUENCES), open(1)];
  const items = Array.from({ length: QUESTIONS * 4 }, (_, index) => {
    const question = Math.floor(index / 4);
    const text = `${question} Roma è la capitale. `.repeat(SENTENCES);
    return { context: `${text}\nAnswer:`, continuation: ` ${'ABCD'[index % 4]}` };
  });
  // The same choices, but never two of one question after another.
  const apart = items.toSorted((a, b) => a.continuation.localeCompare(b.continuation));
  const time = async (asked: typeof items, by: typeof engine) => {
    const began = performance.now();
    for await (const _ of by.scoreMany({ modelPath, items: asked, contextTokens: null })) continue;
    return performance.now() - began;
  };
  const ours: number[] = [];
  const anchor: number[] = [];
  try {
    await time(items.slice(0, 4), engine);
    await time(items.slice(0, 4), naive);
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await time(items, engine));
      anchor.push(await time(apart, naive));
    }
  } finally {
    await engine.dispose();
    await naive.dispose();
  }
  return {
    name: `evaluations: ${QUESTIONS} questions with four choices`,
    oursMs: Math.min(...ours),
    anchorMs: Math.min(...anchor),
    anchor: 'each choice read from its start',
    limit: 0.4,
  };
}

const FILES = 1000;
/** In each file of answers. All are one file under many names: a thousand of their own would fill a disk. */
const SAMPLES = 50_000;
/** The figure for the table, and room for what 12,000 results are: names, numbers, paths. */
const TABLE_MS = 2_000;
const GROWTH_KB = 400_000;

async function manyFiles(): Promise<readonly Measurement[]> {
  const appFolder = findAppFolder(import.meta.dirname);
  const sample = join(
    appFolder,
    'test/fixtures/evaluations/lm-eval/nesso-tiny/zero-shot/results_2026-11-22T12-00-00.json',
  );
  const text = await readFile(sample, 'utf8');
  const folder = await mkdtemp(join(tmpdir(), 'nesso-bench-'));
  try {
    const answers = join(folder, 'answers.jsonl');
    await writeFile(
      answers,
      Array.from(
        { length: SAMPLES },
        (_, index) => `{"doc_id": ${index}, "filter": "none", "acc": ${index % 2}, "acc_norm": 1.0}`,
      ).join('\n'),
    );
    const results = join(folder, 'evals/results');
    for (let index = 0; index < FILES; index += 1) {
      const own = join(results, `step-${index}`);
      await mkdir(own, { recursive: true });
      await writeFile(
        join(own, 'results_1.json'),
        text.replaceAll('nesso-tiny/zero-shot', `zagreus/${index}000`),
      );
      await link(answers, join(own, 'samples_local_arc_it_1.jsonl'));
    }
    const ours: number[] = [];
    const anchor: number[] = [];
    const before = process.memoryUsage().rss;
    let growth = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const core = createCore({ appFolder, stateFolder: join(folder, 'state'), version: '0', host: 'test' });
      await core.context.workspace.replace(plainWorkspace(folder));
      let began = performance.now();
      const table = await readLeaderboard(openResults(core.context), {
        join: 'strict',
        allMetrics: false,
        references: [],
      });
      ours.push(performance.now() - began);
      growth = Math.max(growth, process.memoryUsage().rss - before);
      const withAnswers = table.rows.filter(({ cells }) => cells.some((cell) => cell?.hasAnswers));
      if (table.rows.length !== FILES || withAnswers.length !== FILES) throw new Error('Results were lost');
      await core.dispose();
      began = performance.now();
      for (const name of await readdir(results))
        JSON.parse(await readFile(join(results, name, 'results_1.json'), 'utf8'));
      anchor.push(performance.now() - began);
    }
    const name = 'evaluations: a table of 1,000 result files with answers beside them';
    return [
      {
        name,
        oursMs: Math.min(...ours),
        anchorMs: Math.min(...anchor),
        anchor: 'reading and parsing them',
        limit: 10,
      },
      {
        name: 'evaluations: that table',
        oursMs: Math.min(...ours),
        anchorMs: TABLE_MS,
        anchor: 'two seconds',
        limit: 1,
      },
      {
        name: 'evaluations: memory it takes',
        oursMs: growth / 1000,
        anchorMs: GROWTH_KB,
        anchor: 'what may be taken',
        limit: 1,
        unit: 'kB',
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Watches nothing: what is measured is the reading. */
function plainWorkspace(path: string): OpenWorkspace {
  return {
    path,
    info: () => Promise.reject(new Error('Not asked here')),
    changes: createSignalBus(),
    readOnly: false,
    watching: Promise.resolve(),
    runs: createSignalBus<RunTouch>(),
    isTold: false,
    refresh: async () => {},
    dispose: async () => {},
  };
}
