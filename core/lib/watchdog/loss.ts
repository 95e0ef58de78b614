// The loss at two scales: single points far above those before them, and a level that has risen for a while. Both against medians, so
// that noise, single outliers and the steady fall of a loss do not alarm.
import type { Detector, Report, WatchContext } from './detector.ts';
import { percent, short } from './detector.ts';
import { createRollingWindow } from './rolling-window.ts';
import { formatInteger } from '../format/numbers.ts';

/** Points that a spike is measured against; fewer than the least say too little. */
const SPIKE_WINDOW = 64;
const SPIKE_LEAST = 24;
/** Small batches have heavy tails: a spike also passes what the largest hundredth of so many points before has shown, by this. */
const TAIL_WINDOW = 1024;
const TAIL_SHARE = 0.995;
const BEYOND_TAIL = 3;
/** A spike is over after so many ordinary points. */
const CALM_POINTS = 8;
/** High for longer is no spike but another level: it becomes what is usual. */
const LONGEST_SPIKE = 48;

const RECENT_POINTS = 16;
const RISE_WINDOW = 256;
const RISE_LEAST = 128;
/** A risen level that stays becomes what is usual. */
const LONGEST_RISE = 512;
/** How much wider a median scatters than a mean. */
const MEDIAN_SPREAD = 1.2533;
/** Makes the median distance of neighbours the standard deviation of normal noise: 1.4826 / √2. */
const NEIGHBOURS = 1.0484;
/** Logs print three digits: a window of equal values has no spread of its own. */
const LEAST_SPREAD = 0.003;

export function createSpikeDetector({ thresholds }: WatchContext): Detector {
  const usual = createRollingWindow(SPIKE_WINDOW);
  const excesses = createRollingWindow(TAIL_WINDOW);
  /** Distances of neighbours: noise without the fall of a young training's loss. */
  const jumps = createRollingWindow(SPIKE_WINDOW);
  let previous = Number.NaN;
  let heldBack: number[] = [];
  let calm = 0;
  let peak = 0;

  const accept = (report: Report) => {
    for (const value of heldBack) usual.push(value);
    heldBack = [];
    report.settle('loss-spike');
  };
  return {
    startStage() {
      usual.clear();
      excesses.clear();
      jumps.clear();
      previous = Number.NaN;
      heldBack = [];
    },
    push({ step, values }, report) {
      const loss = values.get('loss');
      if (loss === undefined || !Number.isFinite(loss)) return;
      const median = usual.median();
      const excess = loss - median;
      const isCandidate = usual.length >= SPIKE_LEAST && excess > thresholds.spikeShare * Math.abs(median);
      const spread = isCandidate ? Math.min(usual.deviation(), NEIGHBOURS * jumps.median()) : 0;
      const deviation = Math.max(spread, LEAST_SPREAD * Math.abs(median));
      const tail = excesses.quantile(TAIL_SHARE);
      const isSpike =
        isCandidate && excess > thresholds.spikeDeviations * deviation && !(excess < BEYOND_TAIL * tail);
      // Of a spike of many points only the first is what may come again.
      if (usual.length > 0 && (!isSpike || heldBack.length === 0)) excesses.push(excess);
      if (!isSpike) {
        usual.push(loss);
        if (Number.isFinite(previous)) jumps.push(Math.abs(loss - previous));
        previous = loss;
        calm += 1;
        if (calm >= CALM_POINTS && heldBack.length > 0) {
          heldBack = [];
          report.settle('loss-spike');
        }
        return;
      }
      const isFirst = heldBack.length === 0;
      calm = 0;
      heldBack.push(loss);
      const isWorse = isFirst || loss > peak;
      peak = isFirst ? loss : Math.max(peak, loss);
      report.raise(
        {
          kind: 'loss-spike',
          severity: 'warning',
          step,
          title: `Loss spike at step ${formatInteger(step)}`,
          explanation: `The loss jumped to ${short(peak)}; the median of the ${usual.length} points before is ${short(median)} (${short(peak / median)} times, ${short((peak - median) / deviation)} robust deviations above it).`,
          advice:
            'Watch whether it comes back within some hundred steps. If it does not, go on from a checkpoint before it with a lower learning rate or stronger clipping, or skip the data of these steps.',
        },
        isWorse,
      );
      if (heldBack.length >= LONGEST_SPIKE) accept(report);
    },
  };
}

export function createRiseDetector({ thresholds }: WatchContext): Detector {
  const recent = createRollingWindow(RECENT_POINTS);
  const usual = createRollingWindow(RISE_WINDOW);
  let delayed: number[] = [];
  let risen = 0;
  let highest = 0;

  return {
    startStage() {
      recent.clear();
      usual.clear();
      delayed = [];
      risen = 0;
    },
    push({ step, values }, report) {
      const loss = values.get('loss');
      if (loss === undefined || !Number.isFinite(loss)) return;
      recent.push(loss);
      delayed.push(loss);
      const isOpen = risen > 0;
      if (delayed.length > RECENT_POINTS) {
        const value = delayed.shift();
        // What lies in a risen stretch says nothing about what is usual.
        if (value !== undefined && (!isOpen || risen > LONGEST_RISE)) usual.push(value);
      }
      if (usual.length < RISE_LEAST) return;
      const median = usual.median();
      const excess = recent.median() - median;
      const needed = thresholds.riseShare * Math.abs(median) * (isOpen ? 0.5 : 1);
      const isHigh = excess > needed;
      const spread = isHigh && !isOpen ? usual.deviation() : 0;
      const deviation =
        (Math.max(spread, LEAST_SPREAD * Math.abs(median)) * MEDIAN_SPREAD) / Math.sqrt(RECENT_POINTS);
      if (!isHigh || (!isOpen && excess < thresholds.riseDeviations * deviation) || risen > LONGEST_RISE) {
        if (isOpen) report.settle('loss-rise');
        risen = 0;
        return;
      }
      risen += 1;
      const isWorse = risen === 1 || excess > highest * 1.1;
      highest = risen === 1 ? excess : Math.max(highest, excess);
      report.raise(
        {
          kind: 'loss-rise',
          severity: 'warning',
          step,
          title: `The loss rises since step ${formatInteger(step)}`,
          explanation: `The median of the newest ${RECENT_POINTS} points is ${short(recent.median())}, ${percent(excess / median)} above that of the ${usual.length} points before (${short(median)}).`,
          advice:
            'A level that stays higher after a spike, or rises slowly, seldom comes back by itself: compare the learning rate and the data of these steps, and go on from a checkpoint before it.',
        },
        isWorse,
      );
    },
  };
}
