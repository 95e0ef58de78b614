// The learning rate at every step, exactly as Nanotron's lr_scheduler_builder computes it, with its stages.
// Knows nothing about YAML, optimizers or tokens.

export type DecayStyle = 'linear' | 'cosine' | '1-sqrt';

export interface LearningRateSchedule {
  readonly peak: number;
  readonly warmupSteps: number;
  readonly warmupStyle: 'linear' | 'constant';
  readonly decayStyle: DecayStyle;
  readonly decayStart: number;
  readonly decaySteps: number;
  readonly minimum: number;
  readonly trainSteps: number;
}

export interface ScheduleInput {
  readonly peak: number;
  readonly trainSteps: number;
  readonly warmupSteps: number | null;
  readonly warmupStyle: 'linear' | 'constant' | null;
  readonly decayStyle: DecayStyle | null;
  readonly decaySteps: number | null;
  readonly decayStart: number | null;
  readonly minimum: number | null;
}

/** Fills the defaults as Nanotron does: decay over train_steps − warmup from the end of warmup, minimum = peak. */
export function completeSchedule(input: ScheduleInput): LearningRateSchedule {
  const warmupSteps = input.warmupSteps ?? 0;
  return {
    peak: input.peak,
    warmupSteps,
    warmupStyle: input.warmupStyle ?? 'linear',
    decayStyle: input.decayStyle ?? 'linear',
    decayStart: input.decayStart ?? warmupSteps,
    decaySteps: input.decaySteps ?? input.trainSteps - warmupSteps,
    minimum: input.minimum ?? input.peak,
    trainSteps: input.trainSteps,
  };
}

/** The rate after `step` scheduler steps: log line `i` shows the value at i, the very first update uses the value at 0. */
export function learningRateAt(schedule: LearningRateSchedule, step: number): number {
  const { peak, minimum, warmupSteps, decayStart, decaySteps } = schedule;
  if (warmupSteps === 0 && decaySteps === 0) return peak;
  if (step <= warmupSteps) {
    return schedule.warmupStyle === 'linear' ? (peak * step) / Math.max(warmupSteps, 1) : peak;
  }
  if (step < decayStart) return peak;
  if (step >= decayStart + decaySteps) return minimum;
  const progress = (step - decayStart) / decaySteps;
  switch (schedule.decayStyle) {
    case 'linear':
      return minimum + ((peak - minimum) * (decaySteps - (step - decayStart))) / decaySteps;
    case 'cosine':
      return minimum + ((peak - minimum) * (1 + Math.cos(Math.PI * progress))) / 2;
    case '1-sqrt':
      return minimum + (peak - minimum) * (1 - Math.sqrt(progress));
  }
}

export interface ScheduleStage {
  readonly kind: 'warmup' | 'stable' | 'decay' | 'floor';
  readonly startStep: number;
  readonly endStep: number;
}

/** The stages that really happen before train_steps, in order, without empty ones. */
export function scheduleStages(schedule: LearningRateSchedule): readonly ScheduleStage[] {
  const { warmupSteps, decayStart, decaySteps, trainSteps } = schedule;
  if (warmupSteps === 0 && decaySteps === 0) return [{ kind: 'stable', startStep: 0, endStep: trainSteps }];
  const warmupEnd = Math.min(warmupSteps, trainSteps);
  const stableEnd = Math.min(Math.max(decayStart, warmupEnd), trainSteps);
  const decayEnd = Math.min(Math.max(decayStart + decaySteps, stableEnd), trainSteps);
  const stages: readonly ScheduleStage[] = [
    { kind: 'warmup', startStep: 0, endStep: warmupEnd },
    { kind: 'stable', startStep: warmupEnd, endStep: stableEnd },
    { kind: 'decay', startStep: stableEnd, endStep: decayEnd },
    { kind: 'floor', startStep: decayEnd, endStep: trainSteps },
  ];
  return stages.filter((stage) => stage.endStep > stage.startStep);
}

/** From which step on the rate rests at its minimum, and for how many steps; null when it never does. */
export function floorSpan(
  schedule: LearningRateSchedule,
): { readonly startStep: number; readonly steps: number } | null {
  if (schedule.minimum === schedule.peak) return null;
  const floor = scheduleStages(schedule).find((stage) => stage.kind === 'floor');
  return floor === undefined ? null : { startStep: floor.startStep, steps: floor.endStep - floor.startStep };
}

export interface SchedulePoint {
  readonly step: number;
  readonly rate: number;
}

/** About `points` samples for a plot, evenly spread, with every stage boundary hit exactly. */
export function sampleSchedule(schedule: LearningRateSchedule, points: number): readonly SchedulePoint[] {
  const steps = new Set<number>([0, schedule.trainSteps]);
  for (const stage of scheduleStages(schedule)) {
    steps.add(stage.startStep);
    steps.add(stage.endStep);
  }
  for (let index = 1; index < points - 1; index += 1) {
    steps.add(Math.round((index / (points - 1)) * schedule.trainSteps));
  }
  return [...steps]
    .sort((left, right) => left - right)
    .map((step) => ({ step, rate: learningRateAt(schedule, step) }));
}
