// Checkpoint interval, walltime, disk and what is saved at the end.

import { formatDiskSize, formatHours, formatInteger } from '../../../format/numbers.ts';
import { setFix } from '../fixes.ts';
import { type NanotronRule, report } from '../rule.ts';

const INTERVAL = ['checkpoints', 'checkpoint_interval'] as const;

/** Nanotron does not save on a signal: what a killed job loses should stay below this. */
const LONGEST_LOSS_HOURS = 1.5;
const WANTED_LOSS_HOURS = 0.5;
/** Below this nobody needs to plan for checkpoint space. */
const NOTABLE_DISK_BYTES = 500e9;

/** A round number of steps (1, 2 or 5 × 10^n) not above the wanted one. */
export function roundStepsDown(steps: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(1, steps)));
  const leading = [5, 2, 1].find((factor) => factor * magnitude <= steps) ?? 1;
  return leading * magnitude;
}

export const intervalPastEnd: NanotronRule = {
  code: 'checkpoint-interval-past-end',
  check(context) {
    const { checkpointInterval, trainSteps, saveFinalState } = context.settings;
    if (checkpointInterval === null || trainSteps === null || checkpointInterval <= trainSteps) return [];
    const fitting = roundStepsDown(Math.ceil(trainSteps / 10));
    return [
      report(context, {
        code: 'checkpoint-interval-past-end',
        severity: saveFinalState ? 'warning' : 'error',
        path: INTERVAL,
        message: saveFinalState
          ? `The run ends at step ${formatInteger(trainSteps)}, before the first checkpoint at ${formatInteger(checkpointInterval)}; only the final state is saved.`
          : `Nothing is ever saved: the run ends at step ${formatInteger(trainSteps)}, before the first checkpoint at ${formatInteger(checkpointInterval)}.`,
        reason: 'Nanotron saves every checkpoint_interval steps, and at the end only with save_final_state.',
        fix: setFix(context, `Save every ${formatInteger(fitting)}`, INTERVAL, fitting),
      }),
    ];
  },
};

export const finalStateLost: NanotronRule = {
  code: 'final-state-lost',
  check(context) {
    const { checkpointInterval, trainSteps, saveFinalState } = context.settings;
    if (checkpointInterval === null || trainSteps === null || saveFinalState) return [];
    const lost = trainSteps % checkpointInterval;
    if (lost === 0 || checkpointInterval > trainSteps) return [];
    const path = ['checkpoints', 'save_final_state'];
    return [
      report(context, {
        code: 'final-state-lost',
        severity: 'warning',
        path,
        message: `The last ${formatInteger(lost)} steps are not saved.`,
        reason: 'train_steps is not a multiple of checkpoint_interval, and save_final_state is off.',
        fix: setFix(context, 'Save the final state', path, true),
      }),
    ];
  },
};

export const intervalWalltime: NanotronRule = {
  code: 'checkpoint-interval-walltime',
  check(context) {
    const { walltimeHours } = context.options;
    const { checkpointIntervalHours, speed } = context.derived;
    if (walltimeHours === undefined || checkpointIntervalHours === null || speed === null) return [];
    if (speed.days * 24 <= walltimeHours && checkpointIntervalHours <= walltimeHours) return [];
    const never = checkpointIntervalHours > walltimeHours;
    if (!never && checkpointIntervalHours <= LONGEST_LOSS_HOURS) return [];
    const wantedHours = Math.min(WANTED_LOSS_HOURS, walltimeHours / 4);
    const steps = roundStepsDown((wantedHours * 3600) / speed.stepSeconds);
    return [
      report(context, {
        code: 'checkpoint-interval-walltime',
        severity: 'warning',
        path: INTERVAL,
        message: never
          ? `A job of ${formatHours(walltimeHours)} ends before its first checkpoint, about ${formatHours(checkpointIntervalHours)} in.`
          : `A job that hits its time limit loses up to ${formatHours(checkpointIntervalHours)} of training.`,
        reason: `Nanotron does not save when the scheduler stops it. Estimated for ${speed.gpus} × ${speed.gpuName} at ${Math.round(speed.utilization * 100)} % MFU; half an hour of work per checkpoint is a good interval.`,
        fix: setFix(context, `Save every ${formatInteger(steps)}`, INTERVAL, steps),
      }),
    ];
  },
};

export const checkpointDisk: NanotronRule = {
  code: 'checkpoint-disk',
  check(context) {
    const { checkpoints } = context.derived;
    const free = context.options.freeDiskBytes;
    if (checkpoints === null) return [];
    const isTooMuch = free !== undefined && checkpoints.totalBytes > free;
    if (!isTooMuch && checkpoints.totalBytes < NOTABLE_DISK_BYTES) return [];
    const figure = `${formatInteger(checkpoints.count)} checkpoints of ${formatDiskSize(checkpoints.sizeBytes)} take ${formatDiskSize(checkpoints.totalBytes)}`;
    return [
      report(context, {
        code: 'checkpoint-disk',
        severity: isTooMuch ? 'warning' : 'info',
        path: INTERVAL,
        message: isTooMuch ? `${figure}; ${formatDiskSize(free)} are free.` : `${figure}.`,
        reason:
          'Nanotron keeps every checkpoint: 14 bytes per parameter with the optimizer. Old ones can be thinned out, or kept without their optimizer folder (6/7 of the size).',
      }),
    ];
  },
};
