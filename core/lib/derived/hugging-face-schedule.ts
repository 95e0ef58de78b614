// The learning rate at every step as transformers' get_scheduler computes it (4.57, optimization.py), by the name of
// `lr_scheduler_type`. Knows nothing about YAML, and nothing about the rate's peak: it returns the factor of it.

export interface HuggingFaceSchedule {
  /** As `lr_scheduler_type` spells it. */
  readonly name: string;
  readonly warmupSteps: number;
  readonly trainSteps: number;
  /** Peak rate: some schedules end at an absolute one. */
  readonly peak: number;
  /** `lr_scheduler_kwargs`, and what the Trainer puts there itself. */
  readonly options: Readonly<Record<string, number | string>>;
}

type Factor = (schedule: HuggingFaceSchedule, step: number) => number;

const numberOf = (schedule: HuggingFaceSchedule, key: string, fallback: number): number => {
  const value = schedule.options[key];
  return typeof value === 'number' ? value : fallback;
};

const rising = (step: number, warmup: number): number => step / Math.max(1, warmup);

/** How far the part after the warmup is done; passes 1 when a run goes on after its last step. */
const progressOf = ({ warmupSteps, trainSteps }: HuggingFaceSchedule, step: number): number =>
  (step - warmupSteps) / Math.max(1, trainSteps - warmupSteps);

const wave = (cycles: number, progress: number): number =>
  0.5 * (1 + Math.cos(Math.PI * cycles * 2 * progress));

const minimumShare = (schedule: HuggingFaceSchedule): number => {
  const absolute = schedule.options['min_lr'];
  return typeof absolute === 'number' ? absolute / schedule.peak : numberOf(schedule, 'min_lr_rate', 0);
};

const cosineToMinimum: Factor = (schedule, step) => {
  const minimum = minimumShare(schedule);
  const factor = wave(numberOf(schedule, 'num_cycles', 0.5), progressOf(schedule, step));
  return Math.max(0, factor * (1 - minimum) + minimum);
};

const polynomial: Factor = (schedule, step) => {
  const { peak, warmupSteps, trainSteps } = schedule;
  const end = numberOf(schedule, 'lr_end', 1e-7);
  if (step > trainSteps) return end / peak;
  const remaining = 1 - (step - warmupSteps) / (trainSteps - warmupSteps);
  return ((peak - end) * remaining ** numberOf(schedule, 'power', 1) + end) / peak;
};

const inverseSquareRoot: Factor = (schedule, step) => {
  const { warmupSteps } = schedule;
  const timescale = numberOf(schedule, 'timescale', warmupSteps === 0 ? 10_000 : warmupSteps);
  return 1 / Math.sqrt((step + timescale - warmupSteps) / timescale);
};

/** Warmup is part of it: it starts at the minimum, not at 0. */
const cosineWarmupToMinimum: Factor = (schedule, step) => {
  const { warmupSteps, trainSteps } = schedule;
  if (step < warmupSteps) {
    const start = schedule.options['warmup_lr_rate'];
    if (typeof start !== 'number') return (step + 1) / Math.max(1, warmupSteps);
    return start + ((1 - start) * step) / Math.max(1, warmupSteps - 1);
  }
  const minimum = minimumShare(schedule);
  const progress = (step - warmupSteps + 1) / Math.max(1, trainSteps - warmupSteps);
  return Math.max(0, wave(numberOf(schedule, 'num_cycles', 0.5), progress) * (1 - minimum) + minimum);
};

const falling: Readonly<Record<string, (progress: number, cycles: number) => number>> = {
  linear: (progress) => 1 - progress,
  cosine: (progress, cycles) => wave(cycles, progress),
  '1-sqrt': (progress) => 1 - Math.sqrt(progress),
};
const climbing: Readonly<Record<string, (progress: number) => number>> = {
  linear: (progress) => progress,
  cosine: (progress) => 0.5 * (1 - Math.cos(Math.PI * progress)),
  '1-sqrt': (progress) => 1 - Math.sqrt(1 - progress),
};

const warmupStableDecay: Factor = (schedule, step) => {
  const { warmupSteps, trainSteps, options } = schedule;
  const decaySteps = numberOf(schedule, 'num_decay_steps', 0);
  const stableSteps = numberOf(schedule, 'num_stable_steps', trainSteps - warmupSteps - decaySteps);
  const minimum = numberOf(schedule, 'min_lr_ratio', 0);
  const lifted = (factor: number) => Math.max(0, factor * (1 - minimum) + minimum);
  if (step < warmupSteps) {
    const climb = climbing[String(options['warmup_type'] ?? 'linear')] ?? climbing['linear'];
    return lifted(climb?.(rising(step, warmupSteps)) ?? Number.NaN);
  }
  const decayed = step - warmupSteps - stableSteps;
  if (decayed < 0) return 1;
  if (decayed >= decaySteps) return minimum;
  const fall = falling[String(options['decay_type'] ?? 'cosine')] ?? falling['cosine'];
  return lifted(
    fall?.(decayed / Math.max(1, decaySteps), numberOf(schedule, 'num_cycles', 0.5)) ?? Number.NaN,
  );
};

/** After a linear warmup from 0. */
const afterWarmup: Readonly<Record<string, Factor>> = {
  constant_with_warmup: () => 1,
  linear: (schedule, step) =>
    Math.max(0, (schedule.trainSteps - step) / Math.max(1, schedule.trainSteps - schedule.warmupSteps)),
  cosine: (schedule, step) =>
    Math.max(0, wave(numberOf(schedule, 'num_cycles', 0.5), progressOf(schedule, step))),
  cosine_with_restarts: (schedule, step) => {
    const progress = progressOf(schedule, step);
    if (progress >= 1) return 0;
    const cycles = numberOf(schedule, 'num_cycles', 1);
    return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * ((cycles * progress) % 1))));
  },
  polynomial,
  inverse_sqrt: inverseSquareRoot,
  cosine_with_min_lr: cosineToMinimum,
};

const fromTheStart: Readonly<Record<string, Factor>> = {
  constant: () => 1,
  warmup_stable_decay: warmupStableDecay,
  cosine_warmup_with_min_lr: cosineWarmupToMinimum,
};

/** Whether the rate of a schedule of this name follows from the step alone. `reduce_lr_on_plateau` does not. */
export function isKnownSchedule(name: string): boolean {
  return Object.hasOwn(afterWarmup, name) || Object.hasOwn(fromTheStart, name);
}

/** The factor of the peak after `step` scheduler steps; NaN for a name that is not known. */
export function huggingFaceFactor(schedule: HuggingFaceSchedule, step: number): number {
  const whole = Object.hasOwn(fromTheStart, schedule.name) ? fromTheStart[schedule.name] : undefined;
  if (whole) return whole(schedule, step);
  const factor = Object.hasOwn(afterWarmup, schedule.name) ? afterWarmup[schedule.name] : undefined;
  if (!factor) return Number.NaN;
  if (step < schedule.warmupSteps) return rising(step, schedule.warmupSteps);
  return factor(schedule, step);
}
