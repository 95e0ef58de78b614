// Training of a head as a stream of events: batches in random order, cosine schedule, early stop on the validation's Spearman.
// Source: JQL (lr 5e-4, weight decay 0.01, batch 1024, 20 epochs, patience 5, minimum gain 1e-3). Whose arithmetic it is, and
// where the vectors lie, the engine knows; how fast it goes is up to whoever reads the events.
import { cosineLearningRate } from './cosine-schedule.ts';
import { judgeEvaluation, noEvaluationYet } from './early-stop.ts';
import { evaluate, type Evaluation, type Truth } from './evaluation.ts';
import type { Head } from './head.ts';
import { seededRandom, shuffledIndexes } from './random.ts';

export interface StepsRequest {
  /** Rows of the engine's vectors, `count` batches of `batchSize` one after another. */
  readonly rows: Int32Array;
  readonly count: number;
  readonly batchSize: number;
  /** Of the first of these steps, from 0. */
  readonly firstStep: number;
  readonly totalSteps: number;
  readonly peakLearningRate: number;
  readonly weightDecay: number;
}

/** Holds vectors, labels, parameters and moments. */
export interface HeadEngine {
  /** Takes the steps; one loss and one length of the gradient for each. */
  step(
    request: StepsRequest,
  ): Promise<{ readonly losses: Float32Array; readonly gradientNorms: Float32Array }>;
  scores(rows: Int32Array): Promise<Float32Array>;
  /** A copy of the parameters as they are now. */
  head(): Head;
}

export interface TrainingOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Evaluations in a row without a gain of `minimumGain` before training stops. */
  readonly patience: number;
  readonly minimumGain: number;
  readonly seed: number;
  /** Asked before each call of the engine: how many steps it takes in one go. Changes nothing about the numbers. */
  readonly stepsAtOnce?: () => number;
}

export const jqlTraining = {
  learningRate: 5e-4,
  weightDecay: 0.01,
  patience: 5,
  minimumGain: 1e-3,
  batchSize: 1024,
  epochs: 20,
  hidden: 1000,
  seed: 42,
} as const;

export type TrainingEvent =
  | {
      readonly kind: 'step';
      /** Counted from 1. */
      readonly step: number;
      readonly epoch: number;
      readonly loss: number;
      readonly learningRate: number;
      readonly gradientNorm: number;
    }
  | {
      readonly kind: 'epoch';
      readonly step: number;
      readonly epoch: number;
      readonly evaluation: Evaluation;
      readonly best: boolean;
    };

export interface TrainingResult {
  /** The head of the best evaluation, or the newest one when none was reached. */
  readonly head: Head;
  /** 0 when no evaluation was reached. */
  readonly bestEpoch: number;
  readonly bestEvaluation: Evaluation | null;
  readonly epochs: number;
  readonly steps: number;
  readonly reason: 'completed' | 'early stop' | 'stopped';
}

export interface TrainingRows {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** Of the validation rows, in their order. */
  readonly truth: Truth;
}

export function stepsPerEpoch(rows: number, batchSize: number): number {
  return Math.ceil(rows / batchSize);
}

/** Yields an event a step and an epoch; returns the best head. An aborted `signal` ends it after the steps under way. */
export async function* trainHead(
  engine: HeadEngine,
  rows: TrainingRows,
  options: TrainingOptions,
  signal?: AbortSignal,
): AsyncGenerator<TrainingEvent, TrainingResult> {
  const { batchSize, epochs } = options;
  const random = seededRandom(options.seed);
  const totalSteps = epochs * stepsPerEpoch(rows.train.length, batchSize);
  const rateOf = (step: number): number => cosineLearningRate(step, totalSteps, options.learningRate);
  let steps = 0;
  let stop = noEvaluationYet;
  let best: { head: Head; epoch: number; evaluation: Evaluation } | null = null;
  const finish = (reason: TrainingResult['reason'], evaluated: number): TrainingResult => ({
    head: best?.head ?? engine.head(),
    bestEpoch: best?.epoch ?? 0,
    bestEvaluation: best?.evaluation ?? null,
    epochs: evaluated,
    steps,
    reason,
  });

  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const order = shuffledIndexes(rows.train.length, random);
    const shuffled = Int32Array.from(order, (index) => rows.train[index] ?? 0);
    for (let first = 0; first < shuffled.length; ) {
      if (signal?.aborted) return finish('stopped', epoch - 1);
      const whole = Math.floor((shuffled.length - first) / batchSize);
      const count = Math.max(1, Math.min(whole, Math.floor(options.stepsAtOnce?.() ?? 1)));
      // What is left of an epoch is a smaller batch of its own.
      const size = Math.min(batchSize, shuffled.length - first);
      const { losses, gradientNorms } = await engine.step({
        rows: shuffled.subarray(first, first + count * size),
        count,
        batchSize: size,
        firstStep: steps,
        totalSteps,
        peakLearningRate: options.learningRate,
        weightDecay: options.weightDecay,
      });
      first += count * size;
      for (let index = 0; index < count; index += 1) {
        steps += 1;
        const loss = losses[index] ?? Number.NaN;
        const gradientNorm = gradientNorms[index] ?? Number.NaN;
        yield { kind: 'step', step: steps, epoch, loss, learningRate: rateOf(steps - 1), gradientNorm };
      }
    }
    const evaluation = evaluate(await engine.scores(rows.validation), rows.truth);
    const judged = judgeEvaluation(stop, evaluation.pooledSpearman, options);
    stop = judged;
    if (judged.isBest) best = { head: engine.head(), epoch, evaluation };
    yield { kind: 'epoch', step: steps, epoch, evaluation, best: judged.isBest };
    if (judged.isEnough) return finish('early stop', epoch);
  }
  return finish('completed', epochs);
}
