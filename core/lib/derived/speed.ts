// How fast a run is now: medians over its newest points, so that a checkpoint, an evaluation or a requeue between two points does
// not count. Says what the figure was taken from.
import type { RunFacts } from '../../api/run-facts.ts';
import { TIME_COLUMN } from '../series/extra-columns.ts';
import { quantile, quantileOfSorted } from '../statistics/quantile.ts';
import { MS_PER_SECOND, tagOf } from './known-tags.ts';

export interface PointsView {
  readonly steps: ArrayLike<number> & { at(index: number): number | undefined };
  readonly values: ArrayLike<number> & { at(index: number): number | undefined };
}

export interface SpeedPoints {
  column(tag: string): PointsView | undefined;
}

/** Enough to be calm, few enough to be of now. */
const NEWEST_POINTS = 100;
/** Steps are told apart by the times of their points only where these are this many. */
const LEAST_TIMED = 3;

export interface StepTiming {
  readonly median: number;
  /** Middle half of the steps, seconds. */
  readonly lower: number;
  readonly upper: number;
  readonly points: number;
}

export interface SpeedReading {
  readonly tokensPerSecond: number | null;
  readonly tokensPerSecondPerGpu: number | null;
  readonly secondsPerStep: StepTiming | null;
  readonly points: number;
  readonly source: string;
}

export function readSpeed(points: SpeedPoints, facts: RunFacts): SpeedReading | null {
  const has = (name: string) => (points.column(name)?.values.length ?? 0) > 0;
  const newestOf = (tag: string | null) => (tag === null ? [] : newestValues(points.column(tag)));
  const speedTag = tagOf('tokensPerSecond', has);
  const perGpuTag = tagOf('tokensPerSecondPerGpu', has);
  const timeTag = tagOf('secondsPerStep', has);
  const { tokensPerStep, tokensPerStepIsCeiling, gpus } = facts;

  const logged = newestOf(timeTag).map((value) => value / MS_PER_SECOND);
  const fromClock = timeTag === null ? timesFromClock(points.column(TIME_COLUMN)) : [];
  const rates = newestOf(speedTag);
  const fromRates =
    timeTag === null && fromClock.length === 0 && tokensPerStep !== null && !tokensPerStepIsCeiling
      ? rates.map((rate) => tokensPerStep / rate)
      : [];
  const timing = timingOf(timeTag !== null ? logged : fromClock.length > 0 ? fromClock : fromRates);

  let tokensPerSecond = medianOf(rates);
  if (tokensPerSecond === null && timing !== null && tokensPerStep !== null && !tokensPerStepIsCeiling) {
    tokensPerSecond = tokensPerStep / timing.median;
  }
  const loggedPerGpu = medianOf(newestOf(perGpuTag));
  const perGpu =
    loggedPerGpu ?? (tokensPerSecond === null || gpus === null || gpus === 0 ? null : tokensPerSecond / gpus);
  if (timing === null && tokensPerSecond === null && perGpu === null) return null;
  const source =
    speedTag ?? timeTag ?? (fromClock.length > 0 ? 'the times of the points' : (perGpuTag ?? ''));
  return {
    tokensPerSecond,
    tokensPerSecondPerGpu: perGpu,
    secondsPerStep: timing,
    points: Math.max(rates.length, timing?.points ?? 0),
    source,
  };
}

/** Finite values above 0 of the newest points. */
function newestValues(view: PointsView | undefined): number[] {
  if (!view) return [];
  const found: number[] = [];
  const { length } = view.values;
  for (let index = Math.max(0, length - NEWEST_POINTS); index < length; index += 1) {
    const value = view.values[index] as number;
    if (Number.isFinite(value) && value > 0) found.push(value);
  }
  return found;
}

/** Seconds a step between neighbouring points; gaps of pauses fall out with the quantiles. */
function timesFromClock(view: PointsView | undefined): number[] {
  if (!view) return [];
  const times: number[] = [];
  const { length } = view.values;
  for (let index = Math.max(1, length - NEWEST_POINTS); index < length; index += 1) {
    const steps = (view.steps[index] as number) - (view.steps[index - 1] as number);
    const ms = (view.values[index] as number) - (view.values[index - 1] as number);
    if (steps > 0 && ms > 0) times.push(ms / MS_PER_SECOND / steps);
  }
  return times.length < LEAST_TIMED ? [] : times;
}

function timingOf(seconds: readonly number[]): StepTiming | null {
  if (seconds.length === 0) return null;
  const sorted = seconds.toSorted((left, right) => left - right);
  return {
    median: quantileOfSorted(sorted, 0.5),
    lower: quantileOfSorted(sorted, 0.25),
    upper: quantileOfSorted(sorted, 0.75),
    points: sorted.length,
  };
}

function medianOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : quantile(values, 0.5);
}
