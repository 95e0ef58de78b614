// The training graph in onnxruntime against numbers PyTorch made (test/fixtures/head-training/make.py) and against plain loops.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Head, randomHead } from '../../core/lib/jql/head.ts';
import { seededRandom } from '../../core/lib/jql/random.ts';
import type { HeadEngine } from '../../core/lib/jql/train.ts';
import { toHalf } from '../../core/lib/floats/half-floats.ts';
import { createOnnxEngine } from '../../native/trainer/onnx-engine.ts';
import { createPlainEngine } from '../support/plain-engine.ts';
import { gradientBuffers, lossAndGradient } from '../support/plain-gradient.ts';
import { repositoryFolder } from '../support/test-core.ts';

const layers = z.object({
  layer1Weight: z.array(z.number()),
  layer1Bias: z.array(z.number()),
  layer2Weight: z.array(z.number()),
  layer2Bias: z.array(z.number()),
});
const fixture = z
  .object({
    documents: z.number(),
    inputs: z.number(),
    hidden: z.number(),
    steps: z.number(),
    peak: z.number(),
    weightDecay: z.number(),
    firstGradient: layers,
    losses: z.array(z.number()),
    gradientNorms: z.array(z.number()),
    after100: layers,
    finalScores: z.array(z.number()),
  })
  .parse(
    JSON.parse(
      readFileSync(join(repositoryFolder, 'test/fixtures/head-training/pytorch-training.json'), 'utf8'),
    ),
  );

/** The numbers of make.py's `spread`. */
function spread(count: number, offset: number, scale = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => {
    const hashed = Number((BigInt(index + offset) * 2654435761n) % 4_294_967_296n);
    return Math.fround(hashed / 2_147_483_648 - 1) * scale;
  });
}

const { documents, inputs, hidden } = fixture;
const vectors = spread(documents * inputs, 1);
const labels = spread(documents, 5000).map((value) => (value + 1) * 2.5);
const start: Head = {
  inputs,
  hidden,
  layer1Weight: spread(hidden * inputs, 10_000, 1 / Math.sqrt(inputs)),
  layer1Bias: spread(hidden, 20_000, 1 / Math.sqrt(inputs)),
  layer2Weight: spread(hidden, 30_000, 1 / Math.sqrt(hidden)),
  layer2Bias: spread(1, 40_000, 1 / Math.sqrt(hidden)),
};

function batchOf(step: number): Int32Array {
  return Int32Array.from(
    { length: step % 5 < 4 ? 16 : 7 },
    (_, place) => (step * 13 + place * 7) % documents,
  );
}

/** Steps `from` … `to - 1`; `atOnce` steps of equal batches go in one call. */
async function takeSteps(
  engine: HeadEngine,
  from: number,
  to: number,
  atOnce = 1,
): Promise<{ losses: number[]; norms: number[] }> {
  const losses: number[] = [];
  const norms: number[] = [];
  for (let step = from; step < to; ) {
    const size = batchOf(step).length;
    let count = 1;
    while (count < atOnce && step + count < to && batchOf(step + count).length === size) count += 1;
    const rows = Int32Array.from(
      Array.from({ length: count }, (_, index) => [...batchOf(step + index)]).flat(),
    );
    const done = await engine.step({
      rows,
      count,
      batchSize: size,
      firstStep: step,
      totalSteps: fixture.steps,
      peakLearningRate: fixture.peak,
      weightDecay: fixture.weightDecay,
    });
    losses.push(...done.losses);
    norms.push(...done.gradientNorms);
    step += count;
  }
  return { losses, norms };
}

function largestDifference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  expect(ours.length).toBe(theirs.length);
  return Math.max(...Array.from(ours, (value, index) => Math.abs(value - (theirs[index] ?? Number.NaN))));
}

const onnx = (values = vectors) =>
  createOnnxEngine({ vectors: { type: 'float32', values }, labels, start, threads: 1 });

describe('training steps', () => {
  it('follow PyTorch: losses, gradient norms, parameters after 100 steps, scores after 300', async () => {
    const engine = await onnx();
    try {
      const first = await takeSteps(engine, 0, 100, 4);
      expect(largestDifference(first.losses, fixture.losses.slice(0, 100))).toBeLessThan(1e-5);
      expect(largestDifference(first.norms, fixture.gradientNorms.slice(0, 100))).toBeLessThan(1e-4);
      const head = engine.head();
      for (const name of ['layer1Weight', 'layer1Bias', 'layer2Weight', 'layer2Bias'] as const) {
        expect(largestDifference(head[name], fixture.after100[name])).toBeLessThan(1e-5);
      }
      const rest = await takeSteps(engine, 100, 300, 4);
      expect(largestDifference(rest.losses, fixture.losses.slice(100))).toBeLessThan(1e-3);
      const scores = await engine.scores(Int32Array.from({ length: documents }, (_, row) => row));
      expect(largestDifference(scores, fixture.finalScores)).toBeLessThan(1e-3);
    } finally {
      await engine.dispose();
    }
  });

  it('are the same numbers whether one or four are taken at once', async () => {
    const [one, four] = [await onnx(), await onnx()];
    try {
      const singly = await takeSteps(one, 0, 40);
      expect(await takeSteps(four, 0, 40, 4)).toEqual(singly);
      expect(four.head()).toEqual(one.head());
    } finally {
      await one.dispose();
      await four.dispose();
    }
  });

  it('follow plain loops at the width of the published heads, also from half-precision vectors', async () => {
    const random = seededRandom(3);
    const rounded = Float32Array.from(
      { length: 96 * 768 },
      () => Math.round((random() * 2 - 1) * 256) / 4096,
    );
    const truth = Float32Array.from({ length: 96 }, () => random() * 5);
    const wide = randomHead(768, 100, random);
    const engines = [
      await createOnnxEngine({
        vectors: { type: 'float32', values: rounded },
        labels: truth,
        start: wide,
        threads: 1,
      }),
      await createOnnxEngine({
        vectors: { type: 'float16', values: Uint16Array.from(rounded, toHalf) },
        labels: truth,
        start: wide,
        threads: 1,
      }),
      createPlainEngine({ vectors: rounded, labels: truth, start: wide }),
    ];
    const request = {
      rows: Int32Array.from({ length: 96 }, (_, index) => (index * 7) % 96),
      count: 3,
      batchSize: 32,
      firstStep: 0,
      totalSteps: 30,
      peakLearningRate: 5e-4,
      weightDecay: 0.01,
    };
    const [single, half, plain] = await Promise.all(engines.map((engine) => engine.step(request)));
    expect(half).toEqual(single);
    expect(largestDifference(single?.losses ?? [], plain?.losses ?? [1])).toBeLessThan(1e-4);
    const [ours, , theirs] = engines.map((engine) => engine.head().layer1Weight);
    expect(largestDifference(ours ?? [], theirs ?? [1])).toBeLessThan(1e-5);
  });

  it('have a reference in plain loops whose first gradient is PyTorch’s', () => {
    const rows = batchOf(0);
    const batch = Float32Array.from(
      [...rows].flatMap((row) => [...vectors.subarray(row * inputs, (row + 1) * inputs)]),
    );
    const buffers = gradientBuffers(inputs, hidden, rows.length);
    lossAndGradient(
      start,
      batch,
      Float32Array.from(rows, (row) => labels[row] ?? 0),
      buffers,
    );
    for (const name of ['layer1Weight', 'layer1Bias', 'layer2Weight', 'layer2Bias'] as const) {
      expect(largestDifference(buffers.gradient[name], fixture.firstGradient[name])).toBeLessThan(1e-6);
    }
  });
});
