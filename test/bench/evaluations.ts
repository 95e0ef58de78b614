// Benchmarks of models: choices that share their question against each read from its start, and a table of a thousand result
// files against reading and parsing them. Exports: bench. In turns; the fastest round of each counts.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resultTable } from '../../core/lib/evaluations/result-table.ts';
import { createChatEngine } from '../../core/services/chat/engine.ts';
import { readEvaluations } from '../../core/services/evaluations/read-files.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import type { Measurement } from './measurement.ts';

const ROUNDS = 3;
const QUESTIONS = 24;
/** About 300 tokens of the sample model, which reads 512. */
const SENTENCES = 30;

export async function bench(): Promise<readonly Measurement[]> {
  return [await sharedQuestions(), await manyFiles()];
}

async function sharedQuestions(): Promise<Measurement> {
  const appFolder = findAppFolder(import.meta.dirname);
  const modelPath = join(appFolder, 'resources/sample-workspace/models/nesso-tiny/nesso-tiny-f16.gguf');
  const engine = createChatEngine({
    appFolder,
    settings: async () => ({ llamaDevice: 'cpu' as const, llamaThreads: 1 }),
  });
  const items = Array.from({ length: QUESTIONS * 4 }, (_, index) => {
    const question = Math.floor(index / 4);
    const text = `${question} Roma è la capitale. `.repeat(SENTENCES);
    return { context: `${text}\nAnswer:`, continuation: ` ${'ABCD'[index % 4]}` };
  });
  // The same choices, but never two of one question after another.
  const apart = items.toSorted((a, b) => a.continuation.localeCompare(b.continuation));
  const time = async (asked: typeof items) => {
    const began = performance.now();
    for await (const _ of engine.scoreMany({ modelPath, items: asked, contextTokens: null })) continue;
    return performance.now() - began;
  };
  const ours: number[] = [];
  const anchor: number[] = [];
  try {
    await time(items.slice(0, 4));
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await time(items));
      anchor.push(await time(apart));
    }
  } finally {
    await engine.dispose();
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

async function manyFiles(): Promise<Measurement> {
  const appFolder = findAppFolder(import.meta.dirname);
  const sample = join(
    appFolder,
    'test/fixtures/evaluations/lm-eval/nesso-tiny/zero-shot/results_2026-11-22T12-00-00.json',
  );
  const text = await readFile(sample, 'utf8');
  const folder = await mkdtemp(join(tmpdir(), 'nesso-bench-'));
  try {
    for (let index = 0; index < FILES; index += 1) {
      const own = join(folder, `step-${index}`);
      await mkdir(own);
      await writeFile(
        join(own, 'results_1.json'),
        text.replaceAll('nesso-tiny/zero-shot', `zagreus/${index}000`),
      );
    }
    const ours: number[] = [];
    const anchor: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      let began = performance.now();
      const { results } = await readEvaluations([folder]);
      if (resultTable(results).rows.length !== FILES) throw new Error('Results were lost');
      ours.push(performance.now() - began);
      began = performance.now();
      for (const name of await readdir(folder))
        JSON.parse(await readFile(join(folder, name, 'results_1.json'), 'utf8'));
      anchor.push(performance.now() - began);
    }
    return {
      name: 'evaluations: a table of 1,000 result files',
      oursMs: Math.min(...ours),
      anchorMs: Math.min(...anchor),
      anchor: 'reading and parsing them',
      limit: 10,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
