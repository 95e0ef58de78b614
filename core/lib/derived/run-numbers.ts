// The numbers a person asks a run for, from its newest points and the facts of its config. Every figure says what it was computed
// from. Pure: the window computes them from the columns it has, the command line from the file.
import type { RunFacts, RunNumbers } from '../../api/run-facts.ts';
import { FLOPS_CONVENTION_LABELS, type FlopsConvention } from '../config/derived/flops.ts';
import { utilizationOf } from '../config/derived/throughput.ts';
import { expectedRate } from './expected-rate.ts';
import { MS_PER_SECOND, type Quantity, tagOf } from './known-tags.ts';
import { type PointsView, type SpeedReading, readSpeed } from './speed.ts';

/** What this needs of a run's columns. */
export interface RunPoints {
  column(tag: string): PointsView | undefined;
  /** Steps the trainer itself says it will make. */
  readonly trainSteps: number | null;
  /** When the newest point was written; null where nobody knows. */
  readonly newestPointMs: number | null;
}

/** Logged counts have three digits: nearer than this the exact product is taken. */
const COUNT_TOLERANCE = 0.01;

export function computeRunNumbers(points: RunPoints, facts: RunFacts, isLive: boolean): RunNumbers {
  const newest = (quantity: Quantity) => newestOf(points, quantity);
  const loss = newest('loss');
  const step = newestStepOf(points);
  const trainSteps = points.trainSteps ?? facts.trainSteps;
  const speed = readSpeed(points, facts);
  const rate = newest('rate');
  const reasons: Record<string, string> = { ...facts.reasons };
  const bytesPerToken = facts.bytesPerToken;
  if (bytesPerToken === null) reasons['bitsPerByte'] = 'how many bytes a token stands for is not known';
  const timeLeft = isLive ? timeLeftOf(points, speed, step, trainSteps) : null;
  if (timeLeft === null) reasons['timeLeft'] = isLive ? whyNoTimeLeft(trainSteps, speed) : 'it is over';
  const mfu = mfuOf(points, speed, facts);
  if (mfu === null) reasons['mfu'] = whyNoMfu(facts, speed);
  return {
    step,
    trainSteps,
    loss:
      loss === null ? null : { tag: loss.tag, value: Number.isFinite(loss.value) ? loss.value : Number.NaN },
    bitsPerByte:
      loss === null || bytesPerToken === null || !Number.isFinite(loss.value)
        ? null
        : {
            value: bitsPerByte(loss.value, bytesPerToken.value),
            bytesPerToken: bytesPerToken.value,
            source: bytesPerToken.source,
          },
    tokens: tokensOf(newest('tokens')?.value ?? null, step, trainSteps, facts),
    epochs: newest('epochs')?.value ?? null,
    sequencesPerStep: facts.sequencesPerStep,
    tokensPerStep: facts.tokensPerStep,
    tokensPerStepIsCeiling: facts.tokensPerStepIsCeiling,
    speed: speed === null ? null : speedNumbers(speed),
    mfu,
    timeLeft,
    learningRate: rateOf(rate, facts, trainSteps),
    stage: step === null ? null : stageAt(facts, step),
    reasons,
  };
}

/** Cross entropy in nats a token → bits a byte of text. */
export function bitsPerByte(nats: number, bytesPerToken: number): number {
  return nats / Math.LN2 / bytesPerToken;
}

interface Newest {
  readonly tag: string;
  readonly step: number;
  readonly value: number;
}

function newestOf(points: RunPoints, quantity: Quantity): Newest | null {
  const tag = tagOf(quantity, (name) => (points.column(name)?.values.length ?? 0) > 0);
  const view = tag === null ? undefined : points.column(tag);
  const step = view?.steps.at(-1);
  const value = view?.values.at(-1);
  return tag === null || step === undefined || value === undefined ? null : { tag, step, value };
}

function newestStepOf(points: RunPoints): number | null {
  const quantities: readonly Quantity[] = ['loss', 'rate', 'gradNorm', 'tokensPerSecond'];
  const steps = quantities.flatMap((quantity) => newestOf(points, quantity)?.step ?? []);
  return steps.length === 0 ? null : Math.max(...steps);
}

/**
 * Exact where the config says how many tokens a step has; as logged where the two disagree, because then the batch was another one
 * before, or the counter was carried over.
 */
function tokensOf(
  logged: number | null,
  step: number | null,
  trainSteps: number | null,
  facts: RunFacts,
): RunNumbers['tokens'] {
  const { tokensPerStep, tokensPerStepIsCeiling: isCeiling } = facts;
  const total = tokensPerStep === null || trainSteps === null ? null : tokensPerStep * trainSteps;
  const product = tokensPerStep === null || step === null ? null : tokensPerStep * step;
  if (logged !== null && Number.isFinite(logged)) {
    const agrees = product !== null && Math.abs(logged - product) <= COUNT_TOLERANCE * product;
    if (!agrees) {
      const source =
        product === null || isCeiling ? 'logged' : 'logged; step × tokens per step is another number';
      return { value: logged, total: isCeiling || product !== null ? null : total, source };
    }
  }
  if (product === null) return null;
  return {
    value: product,
    total,
    source: isCeiling ? 'at most: step × tokens per step' : 'step × tokens per step',
  };
}

function speedNumbers(speed: SpeedReading): RunNumbers['speed'] {
  const { tokensPerSecond, tokensPerSecondPerGpu, secondsPerStep, points, source } = speed;
  return {
    tokensPerSecond,
    tokensPerSecondPerGpu,
    secondsPerStep: secondsPerStep?.median ?? null,
    points,
    source,
  };
}

function mfuOf(points: RunPoints, speed: SpeedReading | null, facts: RunFacts): RunNumbers['mfu'] {
  const { gpu, flopsPerToken } = facts;
  if (gpu === null) return null;
  const perGpu = speed?.tokensPerSecondPerGpu ?? null;
  const common = { gpu: gpu.name, peakFlops: gpu.peakFlops, gpuSource: gpu.source };
  if (perGpu !== null && flopsPerToken !== null) {
    const of = (convention: FlopsConvention) =>
      utilizationOf(perGpu, flopsPerToken[convention], gpu.peakFlops);
    const others: readonly FlopsConvention[] = ['causal-half', 'six-n'];
    return {
      ...common,
      value: of('nanotron'),
      convention: FLOPS_CONVENTION_LABELS.nanotron,
      flopsPerToken: flopsPerToken.nanotron,
      others: others.map((convention) => ({
        convention: FLOPS_CONVENTION_LABELS[convention],
        value: of(convention),
      })),
    };
  }
  const logged = newestOf(points, 'teraflopsPerGpu');
  if (logged === null || !Number.isFinite(logged.value)) return null;
  return {
    ...common,
    value: (logged.value * 1e12) / gpu.peakFlops,
    convention: 'as the trainer counts model_tflops_per_gpu',
    flopsPerToken: null,
    others: [],
  };
}

function whyNoMfu({ gpu, reasons }: RunFacts, speed: SpeedReading | null): string {
  if (gpu === null) return 'the type of the GPUs is not known';
  if (speed?.tokensPerSecondPerGpu == null) return 'no tokens per second and GPU are known';
  return reasons['flopsPerToken'] ?? 'the cost of a token is not known';
}

function whyNoTimeLeft(trainSteps: number | null, speed: SpeedReading | null): string {
  if (trainSteps === null) return 'the number of steps is not known';
  return speed?.secondsPerStep == null ? 'no step was timed yet' : 'every step is done';
}

function timeLeftOf(
  points: RunPoints,
  speed: SpeedReading | null,
  step: number | null,
  trainSteps: number | null,
): RunNumbers['timeLeft'] {
  const timing = speed?.secondsPerStep ?? null;
  if (timing === null || step === null || trainSteps === null || step >= trainSteps) return null;
  const left = trainSteps - step;
  const seconds = left * timing.median;
  return {
    seconds,
    fromSeconds: left * timing.lower,
    toSeconds: left * timing.upper,
    finishMs: (points.newestPointMs ?? Date.now()) + seconds * MS_PER_SECOND,
    points: timing.points,
  };
}

function rateOf(rate: Newest | null, facts: RunFacts, trainSteps: number | null): RunNumbers['learningRate'] {
  if (rate === null) return null;
  const { schedule } = facts;
  const expected = schedule === null ? null : expectedRate(schedule, rate.step, trainSteps);
  return { logged: rate.value, expected, step: rate.step };
}

/** Nanotron trains on the last stage that has begun. */
export function stageAt(facts: Pick<RunFacts, 'stages'>, step: number): RunNumbers['stage'] {
  const index = facts.stages.findLastIndex(({ startStep }) => startStep <= Math.max(step, 1));
  const stage = facts.stages[index];
  return stage === undefined ? null : { ...stage, index, count: facts.stages.length };
}
