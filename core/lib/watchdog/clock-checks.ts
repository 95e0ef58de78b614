// What is found by the clock: a run that writes nothing, a checkpoint that stays unfinished, a disk that fills, a time limit that
// comes before the next checkpoint. Each look is independent; the episodes remember.
import type { Checkpoint, CheckpointList } from '../../api/checkpoints.ts';
import type { Thresholds } from '../../api/findings.ts';
import type { RunFacts } from '../../api/run-facts.ts';
import { formatSeconds, formatSignificant } from '../derived/number-cells.ts';
import { formatDiskSize, formatInteger } from '../format/numbers.ts';
import { percent } from './detector.ts';
import type { Episodes } from './episodes.ts';
import type { Pace } from './watchdog.ts';

const MS_PER_SECOND = 1000;
/** A gap that was there before and ended well (an evaluation, a checkpoint) may be this much longer next time. */
const LONGER_THAN_BEFORE = 1.5;
/** Rows that come every so many iterations are waited for this often. */
const ROWS_TO_WAIT = 3;
/** Other lines than metrics are taken for work this many times longer. */
const WITH_OTHER_OUTPUT = 6;

export interface WatchMoment {
  readonly nowMs: number;
  readonly facts: RunFacts;
  readonly thresholds: Thresholds;
  /** Last write of any kind. Null where nobody can tell now: a link that is down says nothing about the run. */
  readonly newestOutputMs: number | null;
  /** Last write that had metrics in it. */
  readonly newestRowMs: number | null;
  /** Since when the run could be seen without a break; silence before that is not the run's. */
  readonly seenSinceMs: number;
  /** The log says that a checkpoint is being written. */
  readonly isSaving: boolean;
  readonly newestStep: number | null;
  readonly pace: Pace | null;
  readonly checkpoints: CheckpointList | null;
  /** When this attempt began; null while it is unknown. */
  readonly startedMs: number | null;
}

export function checkMoment(episodes: Episodes, moment: WatchMoment): void {
  checkStall(episodes, moment);
  checkUnfinished(episodes, moment);
  checkDisk(episodes, moment);
  checkLimit(episodes, moment);
}

/** Seconds without a row that are too long; null before the pace is known. */
export function stallSeconds(pace: Pace | null, thresholds: Thresholds): number | null {
  if (pace === null) return null;
  return Math.max(
    thresholds.stallSeconds,
    thresholds.stallIterations * pace.secondsPerStep,
    ROWS_TO_WAIT * pace.secondsPerRow,
    LONGER_THAN_BEFORE * pace.longestGapSeconds,
  );
}

function checkStall(episodes: Episodes, moment: WatchMoment): void {
  const { nowMs, newestOutputMs, newestRowMs, newestStep: step, pace, thresholds } = moment;
  const limit = stallSeconds(pace, thresholds);
  if (newestOutputMs === null || newestRowMs === null || limit === null || pace === null || step === null)
    return;
  const secondsSince = (ms: number) => (nowMs - Math.max(ms, moment.seenSinceMs)) / MS_PER_SECOND;
  const allowed = moment.isSaving ? Math.max(limit, thresholds.checkpointSeconds) : limit;
  // A run that writes other lines is at work: an evaluation draws its bar.
  const isSilent =
    secondsSince(newestOutputMs) > allowed || secondsSince(newestRowMs) > allowed * WITH_OTHER_OUTPUT;
  if (!isSilent) {
    episodes.settle('stalled');
    return;
  }
  if (episodes.isOpen('stalled')) return;
  const silent = (nowMs - newestRowMs) / MS_PER_SECOND;
  const iterations = Math.floor(silent / pace.secondsPerStep);
  episodes.raise(
    {
      kind: 'stalled',
      severity: 'error',
      step,
      title: `Nothing new since step ${formatInteger(step)}`,
      explanation: `No metric line for ${formatSeconds(silent)}: about ${iterations} iterations would have been made in that time (median ${formatSignificant(pace.secondsPerStep)} s each).`,
      advice:
        'Look at the end of the log and at the other ranks. A collective that hangs ends by itself after the NCCL timeout (20 minutes by default); a checkpoint on a slow file system or an evaluation can take as long.',
    },
    nowMs,
  );
}

/** Only those that nothing is written to any more: a newer one, or a time without change. */
function isUnfinished(checkpoint: Checkpoint, newest: Checkpoint | undefined, moment: WatchMoment): boolean {
  if (checkpoint.problem === null) return false;
  if (newest !== undefined && newest.step > checkpoint.step) return true;
  const { savedMs } = checkpoint;
  return savedMs !== null && moment.nowMs - savedMs > moment.thresholds.checkpointSeconds * MS_PER_SECOND;
}

function checkUnfinished(episodes: Episodes, moment: WatchMoment): void {
  const list = moment.checkpoints?.checkpoints ?? [];
  const newest = list.at(-1);
  const unfinished = list.findLast((checkpoint) => isUnfinished(checkpoint, newest, moment));
  if (unfinished === undefined) {
    if (moment.checkpoints !== null) episodes.settle('checkpoint-incomplete');
    return;
  }
  const whole = list.findLast(({ problem }) => problem === null);
  episodes.raise(
    {
      kind: 'checkpoint-incomplete',
      severity: 'error',
      step: unfinished.step,
      title: `Checkpoint ${unfinished.name} is not whole`,
      explanation: `What is wrong with it: ${unfinished.problem ?? ''}. ${
        whole === undefined ? 'There is no whole one.' : `The newest whole one is ${whole.name}.`
      }`,
      advice:
        'Do not resume or convert from it. Look for “Error while saving” and a full disk or quota in the log, then remove the folder.',
    },
    moment.nowMs,
  );
}

function checkDisk(
  episodes: Episodes,
  { checkpoints, facts, thresholds, nowMs, newestStep }: WatchMoment,
): void {
  const disk = checkpoints?.disk ?? null;
  if (disk === null || disk.totalBytes <= 0) return;
  const sizes = checkpoints?.checkpoints.flatMap(({ sizeBytes }) => sizeBytes ?? []) ?? [];
  const each = sizes.length > 0 ? Math.max(...sizes) : facts.checkpointSizeBytes;
  const share = disk.freeBytes / disk.totalBytes;
  const fit = each === null || each === 0 ? null : disk.freeBytes / each;
  const isTight = share < thresholds.diskShare || (fit !== null && fit < thresholds.diskCheckpoints);
  if (!isTight) {
    episodes.settle('disk-nearly-full');
    return;
  }
  if (episodes.isOpen('disk-nearly-full')) return;
  const left =
    fit === null ? '' : `; a checkpoint takes ${formatDiskSize(each ?? 0)}, so ${Math.floor(fit)} more fit`;
  episodes.raise(
    {
      kind: 'disk-nearly-full',
      severity: fit !== null && fit < 1 ? 'error' : 'warning',
      step: newestStep,
      title: 'The disk of the checkpoints is nearly full',
      explanation: `${formatDiskSize(disk.freeBytes)} of ${formatDiskSize(disk.totalBytes)} are free at ${disk.path} (${percent(share)})${left}.`,
      advice:
        'Nanotron never deletes a checkpoint: remove old ones, or move them away, before the next is written. A quota may be reached earlier than the disk.',
    },
    nowMs,
  );
}

function checkLimit(episodes: Episodes, moment: WatchMoment): void {
  const { facts, thresholds, startedMs, nowMs, newestStep, pace, checkpoints } = moment;
  if (facts.limitSeconds === null || startedMs === null || newestStep === null || pace === null) return;
  const left = facts.limitSeconds - (nowMs - startedMs) / MS_PER_SECOND;
  if (left > thresholds.limitSeconds || left <= 0) {
    episodes.settle('time-limit');
    return;
  }
  const stepsLeft = Math.floor(left / pace.secondsPerStep);
  const interval = facts.checkpointInterval;
  const last = facts.trainSteps;
  if (last !== null && newestStep + stepsLeft >= last) return;
  const saved = checkpoints?.checkpoints.findLast(({ problem }) => problem === null)?.step ?? null;
  const next = interval === null ? null : (Math.floor(newestStep / interval) + 1) * interval;
  if (next !== null && newestStep + stepsLeft >= next) {
    // One more comes; what is lost after it is what every limit costs.
    episodes.settle('time-limit');
    return;
  }
  if (episodes.isOpen('time-limit')) return;
  const reached = newestStep + stepsLeft;
  const lost = saved === null ? reached : reached - saved;
  episodes.raise(
    {
      kind: 'time-limit',
      severity: 'warning',
      step: newestStep,
      title: `The time limit comes in ${formatSeconds(left)}, before the next checkpoint`,
      explanation: `It ends near step ${formatInteger(reached)}. ${
        next === null
          ? 'When it saves is not known'
          : `The next checkpoint would be step ${formatInteger(next)}`
      }; the newest whole one is ${saved === null ? 'none' : `step ${formatInteger(saved)}`}, so about ${formatInteger(lost)} steps (${formatSeconds(lost * pace.secondsPerStep)}) would be lost.`,
      advice:
        'Ask the site for a longer limit now (scontrol update TimeLimit, where users may), or save earlier: a smaller checkpoint_interval for the next attempt.',
    },
    nowMs,
  );
}
