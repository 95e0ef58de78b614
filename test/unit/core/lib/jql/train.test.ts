// The training loop over plain arithmetic, on a small problem that a linear model cannot solve: |x0| + |x1| as the label.
import { describe, expect, it } from 'vitest';
import { randomHead } from '../../../../../core/lib/jql/head.ts';
import { seededRandom } from '../../../../../core/lib/jql/random.ts';
import {
  jqlTraining,
  stepsPerEpoch,
  trainHead,
  type TrainingEvent,
  type TrainingOptions,
  type TrainingResult,
} from '../../../../../core/lib/jql/train.ts';
import { createPlainEngine } from '../../../../support/plain-engine.ts';

const TRAIN = 100;
const ROWS = 140;

function problem() {
  const random = seededRandom(1);
  const vectors = Float32Array.from({ length: ROWS * 4 }, () => random() * 2 - 1);
  const labels = Float32Array.from(
    { length: ROWS },
    (_, row) => Math.abs(vectors[row * 4] ?? 0) + Math.abs(vectors[row * 4 + 1] ?? 0),
  );
  return { vectors, labels };
}

const rowsFrom = (first: number, end: number): Int32Array =>
  Int32Array.from({ length: end - first }, (_, index) => first + index);

const options: TrainingOptions = {
  ...jqlTraining,
  epochs: 30,
  batchSize: 16,
  learningRate: 1e-2,
  seed: 1,
};

async function collect(
  changes: Partial<TrainingOptions>,
  signal?: AbortSignal,
  onEvent?: (event: TrainingEvent) => void,
): Promise<{ events: readonly TrainingEvent[]; result: TrainingResult }> {
  const events: TrainingEvent[] = [];
  const { vectors, labels } = problem();
  const start = randomHead(4, 64, seededRandom(changes.seed ?? options.seed));
  const rows = {
    train: rowsFrom(0, TRAIN),
    validation: rowsFrom(TRAIN, ROWS),
    truth: {
      labels: labels.subarray(TRAIN),
      languages: new Uint16Array(ROWS - TRAIN),
      languageNames: [''],
    },
  };
  const engine = createPlainEngine({ vectors, labels, start });
  const training = trainHead(engine, rows, { ...options, ...changes }, signal);
  for (;;) {
    const next = await training.next();
    if (next.done) return { events, result: next.value };
    events.push(next.value);
    onEvent?.(next.value);
  }
}

describe('training a head', () => {
  it('learns, logs every step and returns the best head', async () => {
    const { events, result } = await collect({ patience: 1000 });
    const steps = events.filter((event) => event.kind === 'step');
    const evaluations = events.filter((event) => event.kind === 'epoch');
    expect(steps.length).toBe(30 * stepsPerEpoch(100, 16));
    expect(steps.map((event) => event.step)).toEqual(steps.map((_, index) => index + 1));
    const best = result.bestEvaluation?.meanSpearman;
    expect(best).toBeGreaterThan(0.9);
    expect(best).toBe(Math.max(...evaluations.map((event) => event.evaluation.meanSpearman)));
    expect(result.reason).toBe('completed');
    expect(steps.at(-1)?.loss).toBeLessThan((steps[0]?.loss ?? 0) / 10);
  });

  it('gives the same numbers for the same seed only', async () => {
    const first = await collect({ epochs: 2 });
    const second = await collect({ epochs: 2 });
    const other = await collect({ epochs: 2, seed: 2 });
    expect(second).toEqual(first);
    expect(other.events).not.toEqual(first.events);
  });

  it('gives the same numbers however many steps are taken at once', async () => {
    const singly = await collect({ epochs: 3 });
    expect(await collect({ epochs: 3, stepsAtOnce: () => 4 })).toEqual(singly);
    expect(await collect({ epochs: 3, stepsAtOnce: () => 1000 })).toEqual(singly);
  });

  it('stops after five evaluations without a gain', async () => {
    const { events, result } = await collect({ epochs: 50, learningRate: 0 });
    expect(result.reason).toBe('early stop');
    expect(events.filter((event) => event.kind === 'epoch').length).toBe(6);
    expect(result.bestEpoch).toBe(1);
  });

  it('stops after the current step when aborted and keeps what it has', async () => {
    const controller = new AbortController();
    const { result } = await collect({}, controller.signal, (event) => {
      if (event.step === 10) controller.abort();
    });
    expect(result).toMatchObject({ reason: 'stopped', steps: 10, bestEpoch: 1 });
  });
});
