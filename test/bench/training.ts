// Training of a head of the published size (768 → 1,000 → 1, batch 1,024) against PyTorch with the same threads, where
// NESSO_PYTHON names a Python that has it, and against the same step in plain loops. Exports: bench.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Head, randomHead } from '../../core/lib/jql/head.ts';
import { seededRandom } from '../../core/lib/jql/random.ts';
import { jqlTraining, type StepsRequest, trainHead } from '../../core/lib/jql/train.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import { createOnnxEngine, type OnnxEngine } from '../../native/trainer/onnx-engine.ts';
import { createPlainEngine } from '../support/plain-engine.ts';
import type { Measurement } from './measurement.ts';

/** NESSO_BENCH_DOCUMENTS=500000 is the size of the published sets: 1.5 GB on both sides. */
const DOCUMENTS = Number(process.env['NESSO_BENCH_DOCUMENTS'] ?? 20_000);
const EPOCHS = Number(process.env['NESSO_BENCH_EPOCHS'] ?? 4);
const INPUTS = 768;
const { hidden: HIDDEN, batchSize: BATCH } = jqlTraining;
/** Half of the processors are second threads of a core on most computers; both sides get the same number. */
const THREADS = Math.max(
  1,
  Math.min(availableParallelism(), Number(process.env['NESSO_BENCH_THREADS'] ?? 2)),
);
const STEPS_AT_ONCE = 8;
const ROUNDS = 12;
/** Of the validation's Spearman; the two start from other heads and shuffle otherwise. */
const SAME_SPEARMAN = 0.02;

interface Problem {
  readonly vectors: Float32Array;
  readonly labels: Float32Array;
}

/** Unit vectors, and labels 0–5 that a small random network and some noise give. */
function makeProblem(): Problem {
  const random = seededRandom(5);
  const vectors = new Float32Array(DOCUMENTS * INPUTS);
  const labels = new Float32Array(DOCUMENTS);
  const directions = Float32Array.from({ length: INPUTS * 4 }, () => random() * 2 - 1);
  for (let row = 0; row < DOCUMENTS; row += 1) {
    const sums = [0, 0, 0, 0];
    const start = row * INPUTS;
    for (let at = 0; at < INPUTS; at += 1) {
      const value = (random() * 2 - 1) / 16;
      vectors[start + at] = value;
      for (let unit = 0; unit < 4; unit += 1) {
        sums[unit] = (sums[unit] ?? 0) + value * (directions[unit * INPUTS + at] ?? 0);
      }
    }
    const [a = 0, b = 0, c = 0, d = 0] = sums;
    const score = 2 + 1.5 * Math.max(0, a) + b - Math.max(0, c) + 0.5 * d + random() - 0.5;
    labels[row] = Math.max(0, Math.min(5, Math.round(score)));
  }
  return { vectors, labels };
}

const start = (): Head => randomHead(INPUTS, HIDDEN, seededRandom(42));

export async function bench(): Promise<readonly Measurement[]> {
  const problem = makeProblem();
  const engine = await createOnnxEngine({
    vectors: { type: 'float32', values: problem.vectors },
    labels: problem.labels,
    start: start(),
    threads: THREADS,
  });
  try {
    return [...(await againstTorch(problem, engine)), await againstLoops(problem, engine)];
  } finally {
    await engine.dispose();
  }
}

function randomSteps(count: number): StepsRequest {
  const rows = Int32Array.from({ length: count * BATCH }, () => Math.floor(Math.random() * DOCUMENTS));
  return {
    rows,
    count,
    batchSize: BATCH,
    firstStep: 0,
    totalSteps: 100_000,
    peakLearningRate: jqlTraining.learningRate,
    weightDecay: jqlTraining.weightDecay,
  };
}

async function stepsMs(engine: Pick<OnnxEngine, 'step'>, count: number): Promise<number> {
  const request = randomSteps(count);
  const startedMs = performance.now();
  await engine.step(request);
  return performance.now() - startedMs;
}

async function againstTorch(problem: Problem, engine: OnnxEngine): Promise<readonly Measurement[]> {
  const python = process.env['NESSO_PYTHON'];
  if (python === undefined) {
    console.log('skipped: training against PyTorch; NESSO_PYTHON names no Python that has it');
    return [];
  }
  const folder = await mkdtemp(join(tmpdir(), 'nesso-bench-'));
  try {
    await writeFile(join(folder, 'vectors.f32'), problem.vectors);
    await writeFile(join(folder, 'labels.f32'), problem.labels);
    const script = join(findAppFolder(import.meta.dirname), 'test', 'bench', 'torch-training.py');
    const sizes = [DOCUMENTS, INPUTS, HIDDEN, BATCH, THREADS].map(String);
    const torch = talkTo(spawn(python, [script, folder, ...sizes]));
    try {
      if ((await torch.answer()) !== 'ready') {
        console.log(`skipped: training against PyTorch; ${python} has none`);
        return [];
      }
      await stepsMs(engine, STEPS_AT_ONCE);
      // In turn, and the smallest of each: everything else on the machine only adds.
      const best = { oursMs: Number.POSITIVE_INFINITY, anchorMs: Number.POSITIVE_INFINITY };
      for (let round = 0; round < ROUNDS; round += 1) {
        best.anchorMs = Math.min(best.anchorMs, Number(await torch.ask(`steps ${STEPS_AT_ONCE}`)));
        best.oursMs = Math.min(best.oursMs, await stepsMs(engine, STEPS_AT_ONCE));
      }
      const what = `batch ${BATCH.toLocaleString('en')}, ${INPUTS} → ${HIDDEN.toLocaleString('en')} → 1`;
      const anchor = `PyTorch on the CPU, ${THREADS} threads`;
      return [
        { name: `training: ${STEPS_AT_ONCE} steps, ${what}`, ...best, anchor, limit: 1.4 },
        {
          name: `training: ${EPOCHS} epochs of ${DOCUMENTS.toLocaleString('en')} documents to the same validation Spearman`,
          ...(await wholeTraining(problem, torch)),
          anchor,
          limit: 1.4,
        },
      ];
    } finally {
      torch.end();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function wholeTraining(
  problem: Problem,
  torch: ReturnType<typeof talkTo>,
): Promise<{ oursMs: number; anchorMs: number }> {
  const best = { oursMs: Number.POSITIVE_INFINITY, anchorMs: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 3; round += 1) {
    const [anchorMs = Number.NaN, theirs = Number.NaN] = (await torch.ask(`epochs ${EPOCHS}`))
      .split(' ')
      .map(Number);
    const ours = await ourTraining(problem);
    if (Math.abs(ours.spearman - theirs) > SAME_SPEARMAN) {
      throw new Error(`The validations differ: ${ours.spearman} against ${theirs} of PyTorch`);
    }
    best.anchorMs = Math.min(best.anchorMs, anchorMs);
    best.oursMs = Math.min(best.oursMs, ours.ms);
  }
  return best;
}

async function ourTraining({ vectors, labels }: Problem): Promise<{ ms: number; spearman: number }> {
  const engine = await createOnnxEngine({
    vectors: { type: 'float32', values: vectors },
    labels,
    start: start(),
    threads: THREADS,
  });
  try {
    const heldOut = Math.floor(DOCUMENTS / 10);
    const rows = {
      train: Int32Array.from({ length: DOCUMENTS - heldOut }, (_, index) => heldOut + index),
      validation: Int32Array.from({ length: heldOut }, (_, index) => index),
      truth: {
        labels: labels.subarray(0, heldOut),
        languages: new Uint16Array(heldOut),
        languageNames: [''],
      },
    };
    const startedMs = performance.now();
    const stepsAtOnce = (): number => STEPS_AT_ONCE * 2;
    const events = trainHead(engine, rows, { ...jqlTraining, epochs: EPOCHS, patience: EPOCHS, stepsAtOnce });
    let spearman = Number.NaN;
    for (;;) {
      const next = await events.next();
      if (next.done) return { ms: performance.now() - startedMs, spearman };
      if (next.value.kind === 'epoch') spearman = next.value.evaluation.pooledSpearman;
    }
  } finally {
    await engine.dispose();
  }
}

async function againstLoops(problem: Problem, engine: OnnxEngine): Promise<Measurement> {
  const plain = createPlainEngine({ ...problem, start: start() });
  const oursMs = Math.min(await stepsMs(engine, 1), await stepsMs(engine, 1));
  return {
    name: 'training: one step',
    oursMs,
    anchorMs: await stepsMs(plain, 1),
    anchor: 'the same in plain loops',
    limit: 0.1,
  };
}

/** One line asked, one line answered; a process that ends answers with nothing. */
function talkTo(child: ChildProcessWithoutNullStreams) {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  const answer = async (): Promise<string> => {
    const next = await lines.next();
    return next.done ? '' : next.value;
  };
  return {
    answer,
    ask: (line: string): Promise<string> => {
      child.stdin.write(`${line}\n`);
      return answer();
    },
    end: () => child.kill(),
  };
}
