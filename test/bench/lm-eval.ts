// Choices by likelihood against lm-eval on transformers: the same float weights, the same requests, the same processor, in turns.
// NESSO_PYTHON names a Python with lm_eval; NESSO_BENCH_EVAL_MODEL a folder of a Hugging Face model, the sample model without it.
// Exports: lmEvalBench.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createChatEngine } from '../../core/services/model-runtime/engine.ts';
import { convertModel } from '../../core/services/conversion/convert-model.ts';
import { EVALUATION_SEQUENCES } from '../../core/services/evaluations/local/evaluate-cell.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import { writeSampleCheckpoint, writeSampleTokenizer } from '../support/sample-checkpoint.ts';
import type { Measurement } from './measurement.ts';

const ROUNDS = 3;
const QUESTIONS = 24;
/** Sentences of a context and of a choice: about as long as HellaSwag's. */
const SENTENCES = 8;
const APART = 0.02;

export async function lmEvalBench(): Promise<readonly Measurement[]> {
  const python = process.env['NESSO_PYTHON'];
  if (python === undefined) {
    console.log('skipped: evaluations against lm-eval; NESSO_PYTHON names no Python that has it');
    return [];
  }
  const folder = await mkdtemp(join(tmpdir(), 'nesso-bench-'));
  try {
    return await measure(python, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(python: string, folder: string): Promise<readonly Measurement[]> {
  const appFolder = findAppFolder(import.meta.dirname);
  const weights = process.env['NESSO_BENCH_EVAL_MODEL'] ?? (await sampleWeights(folder));
  const modelPath = join(folder, 'model.gguf');
  await convertModel(conversion(weights, modelPath, 'gguf'), () => {});
  const items = Array.from({ length: QUESTIONS * 4 }, (_, index) => {
    const question = Math.floor(index / 4);
    return {
      context: `${question} è un numero. ${'Roma è la capitale d’Italia. '.repeat(SENTENCES)}Poi`,
      continuation: ` ${['il gatto dorme', 'la neve è bianca', 'il sole è giallo', 'il cane abbaia'][index % 4]} e ${'ABCD'[index % 4]} va a casa.`,
    };
  });
  const requests = join(folder, 'requests.jsonl');
  await writeFile(requests, items.map((item) => JSON.stringify(item)).join('\n'));
  // One for both: threads that wait for each other measure the other work of the computer.
  const threads = 1;
  const engine = createChatEngine({
    appFolder,
    settings: async () => ({ llamaDevice: 'cpu' as const, llamaThreads: threads }),
    sequences: EVALUATION_SEQUENCES,
  });
  const script = join(appFolder, 'test/bench/lm-eval-anchor.py');
  const child = spawn(python, [script, weights, requests, String(threads)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) return null;
    return JSON.parse(value);
  };
  try {
    if ((await said()) !== 'ready') {
      console.log(`skipped: evaluations against lm-eval; ${python} has none`);
      return [];
    }
    const ours: number[] = [];
    const anchor: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const began = performance.now();
      const own: number[] = [];
      for await (const event of engine.scoreMany({ modelPath, items, contextTokens: null }))
        if (event.kind === 'items') own.push(...event.items.map(({ logProbability }) => logProbability));
      const tookMs = performance.now() - began;
      child.stdin.write('go\n');
      const { seconds, values } = (await said()) as { seconds: number; values: number[] };
      const apart = own.findIndex((value, place) => Math.abs(value / (values[place] ?? 0) - 1) > APART);
      if (own.length !== values.length || apart !== -1) {
        throw new Error(`The two do not say the same: ${own[apart]} and ${values[apart]}`);
      }
      // The first round loads the model and warms up.
      if (round === 0) continue;
      ours.push(tookMs);
      anchor.push(seconds * 1000);
    }
    return [
      {
        name: `evaluations: ${QUESTIONS} questions of four choices, float weights`,
        oursMs: Math.min(...ours),
        anchorMs: Math.min(...anchor),
        anchor: 'lm-eval on transformers',
        limit: 1,
      },
    ];
  } finally {
    child.stdin.end();
    child.kill('SIGKILL');
    await ended;
    await engine.dispose();
  }
}

async function sampleWeights(folder: string): Promise<string> {
  const source = join(folder, 'checkpoint');
  await writeSampleCheckpoint(source, { trained: 1 });
  await writeSampleTokenizer(source);
  const made = join(folder, 'hf');
  await convertModel(conversion(source, made, 'huggingface'), () => {});
  return made;
}

const conversion = (source: string, output: string, format: 'gguf' | 'huggingface') => ({
  source,
  output,
  format,
  type: 'f32' as const,
  tokenizer: null,
  preTokenizer: null,
  name: null,
  replace: false,
});
