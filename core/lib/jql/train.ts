// Training of a head as a stream of events: MSE, AdamW, cosine schedule, early stop on validation Spearman.
// Source: JQL (lr 5e-4, weight decay 0.01, patience 5, minimum gain 1e-3). Does no input or output and never waits:
// whoever reads the events decides how fast it goes.
import { meanSquaredError } from '../statistics/classification.ts';
import { spearman } from '../statistics/spearman.ts';
import { adamWStep, cosineLearningRate, newAdamW } from './adamw.ts';
import { gradientBuffers, gradientNorm, lossAndGradient } from './gradient.ts';
import { copyHead, type Head, randomHead, scoreDocuments } from './head.ts';
import { seededRandom, shuffledIndexes } from './random.ts';

export interface TrainingSet {
  /** rows × inputs. */
  readonly features: Float32Array;
  readonly labels: Float32Array;
}

export interface TrainingOptions {
  readonly inputs: number;
  readonly hidden: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Evaluations in a row without a gain of `minimumGain` before training stops. */
  readonly patience: number;
  readonly minimumGain: number;
  readonly seed: number;
}

export const jqlTraining = { learningRate: 5e-4, weightDecay: 0.01, patience: 5, minimumGain: 1e-3 } as const;

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
      readonly validationLoss: number;
      /** NaN while all scores are equal. */
      readonly validationSpearman: number;
      readonly best: boolean;
    };

export interface TrainingResult {
  /** The head of the best evaluation, or the newest one when none was reached. */
  readonly head: Head;
  readonly bestEpoch: number;
  readonly bestSpearman: number;
  readonly steps: number;
  readonly reason: 'completed' | 'early stop' | 'stopped';
}

export function stepsPerEpoch(rows: number, batchSize: number): number {
  return Math.ceil(rows / batchSize);
}

/** Rows `order[first…]` of a set, gathered into one batch; the last batch of an epoch may be smaller. */
function gather(set: TrainingSet, inputs: number, rows: Uint32Array): TrainingSet {
  const features = new Float32Array(rows.length * inputs);
  const labels = new Float32Array(rows.length);
  for (const [position, row] of rows.entries()) {
    features.set(set.features.subarray(row * inputs, (row + 1) * inputs), position * inputs);
    labels[position] = set.labels[row] ?? 0;
  }
  return { features, labels };
}

/** Yields an event a step and an epoch; returns the best head. An aborted `signal` ends it after the current step. */
export async function* trainHead(
  train: TrainingSet,
  validation: TrainingSet,
  options: TrainingOptions,
  signal?: AbortSignal,
): AsyncGenerator<TrainingEvent, TrainingResult> {
  const { inputs, hidden, batchSize, epochs } = options;
  const random = seededRandom(options.seed);
  const head = randomHead(inputs, hidden, random);
  const buffers = gradientBuffers(inputs, hidden, batchSize);
  const totalSteps = epochs * stepsPerEpoch(train.labels.length, batchSize);
  let optimiser = newAdamW(head);
  let best = { head, epoch: 0, spearman: Number.NEGATIVE_INFINITY };
  let badEvaluations = 0;
  const finish = (reason: TrainingResult['reason']): TrainingResult => ({
    head: best.head,
    bestEpoch: best.epoch,
    bestSpearman: best.epoch === 0 ? Number.NaN : best.spearman,
    steps: optimiser.steps,
    reason,
  });

  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const order = shuffledIndexes(train.labels.length, random);
    for (let first = 0; first < order.length; first += batchSize) {
      if (signal?.aborted) return finish('stopped');
      const batch = gather(train, inputs, order.subarray(first, first + batchSize));
      const loss = lossAndGradient(head, batch.features, batch.labels, buffers);
      const learningRate = cosineLearningRate(optimiser.steps, totalSteps, options.learningRate);
      const norm = gradientNorm(buffers.gradient);
      optimiser = adamWStep(head, buffers.gradient, optimiser, {
        learningRate,
        weightDecay: options.weightDecay,
      });
      yield { kind: 'step', step: optimiser.steps, epoch, loss, learningRate, gradientNorm: norm };
    }
    const scores = scoreDocuments(head, validation.features);
    const validationSpearman = spearman(scores, validation.labels).coefficient;
    // NaN (all scores equal) compares false: it is never a gain and never the best.
    const gained = validationSpearman >= best.spearman + options.minimumGain;
    const isBest = validationSpearman > best.spearman;
    if (isBest) best = { head: copyHead(head), epoch, spearman: validationSpearman };
    badEvaluations = gained ? 0 : badEvaluations + 1;
    yield {
      kind: 'epoch',
      step: optimiser.steps,
      epoch,
      validationLoss: meanSquaredError(validation.labels, scores),
      validationSpearman,
      best: isBest,
    };
    if (badEvaluations >= options.patience) return finish('early stop');
  }
  return finish('completed');
}
