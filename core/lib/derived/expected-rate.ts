// The learning rate a schedule means at a step of the log, and how far a logged one is from it.
import type { RateSchedule } from '../../api/run-facts.ts';
import { assertNever } from '../assert-never.ts';
import { learningRateAt } from '../config/derived/learning-rate.ts';
import { huggingFaceFactor } from './hugging-face-schedule.ts';

/**
 * At step `step` of the log; null where the number of steps decides and is not known. `trainSteps` is what the log says, for configs
 * that count epochs. Nanotron logs the rate after the scheduler's step, so line i shows the value at i.
 */
export function expectedRate(
  schedule: RateSchedule,
  step: number,
  trainSteps: number | null = null,
): number | null {
  switch (schedule.kind) {
    case 'nanotron':
      return learningRateAt(schedule, step);
    case 'hugging-face': {
      const steps = schedule.trainSteps ?? trainSteps;
      if (steps === null && !/^constant$/.test(schedule.name)) return null;
      const total = steps ?? 0;
      // The Trainer rounds a share up.
      const warmupSteps = schedule.warmup < 1 ? Math.ceil(schedule.warmup * total) : schedule.warmup;
      const factor = huggingFaceFactor({ ...schedule, warmupSteps, trainSteps: total }, step);
      return Number.isFinite(factor) ? factor * schedule.peak : null;
    }
    default:
      return assertNever(schedule);
  }
}

/**
 * Distance of a logged rate to the schedule, as a share of the larger of the two. Transformers since 4.47 logs the rate that the step
 * was made with, older ones the next: the nearer one counts. Null where nothing is expected.
 */
export function rateDeviation(
  schedule: RateSchedule,
  point: { readonly step: number; readonly rate: number },
  trainSteps: number | null = null,
): { readonly expected: number; readonly share: number } | null {
  const steps = schedule.kind === 'nanotron' ? [point.step] : [point.step, point.step - 1];
  let best: { expected: number; share: number } | null = null;
  for (const step of steps) {
    const expected = step < 0 ? null : expectedRate(schedule, step, trainSteps);
    if (expected === null) continue;
    const larger = Math.max(Math.abs(expected), Math.abs(point.rate));
    const share = larger === 0 ? 0 : Math.abs(point.rate - expected) / larger;
    if (best === null || share < best.share) best = { expected, share };
  }
  return best;
}
