// Speed: slower than the run was for a while, and slower than the hardware should be from the start.
import { MS_PER_SECOND } from '../derived/known-tags.ts';
import type { Detector, WatchContext } from './detector.ts';
import { percent, short } from './detector.ts';
import type { WatchRow } from './watch-row.ts';
import { createRollingWindow } from './rolling-window.ts';
import { formatInteger } from '../format/numbers.ts';

/** The first steps compile and fill caches. */
const WARM_UP_POINTS = 10;
const RECENT_POINTS = 10;
const USUAL_WINDOW = 128;
const USUAL_LEAST = 32;
/** Slower for longer is what is usual now. */
const LONGEST = 1000;
/** So many deviations of a median of the recent points, where the speed is noisy by itself. */
const DEVIATIONS = 5;
const MEDIAN_SPREAD = 1.2533;
const MFU_POINTS = 50;
const TERA = 1e12;

/** Tokens per second where they are logged, steps per second otherwise. */
function speedOf({ values }: WatchRow): number | null {
  const tokens = values.get('tokensPerSecond') ?? values.get('tokensPerSecondPerGpu');
  const seconds = values.get('secondsPerStep');
  const speed = tokens ?? (seconds === undefined ? undefined : MS_PER_SECOND / seconds);
  return speed === undefined || !Number.isFinite(speed) || speed <= 0 ? null : speed;
}

export function createThroughputDetector({ thresholds }: WatchContext): Detector {
  const recent = createRollingWindow(RECENT_POINTS);
  const usual = createRollingWindow(USUAL_WINDOW);
  let delayed: number[] = [];
  let seen = 0;
  let slow = 0;
  let worst = 1;
  return {
    push(row, report) {
      const speed = speedOf(row);
      if (speed === null) return;
      seen += 1;
      if (seen <= WARM_UP_POINTS) return;
      recent.push(speed);
      delayed.push(speed);
      const isOpen = slow > 0;
      if (delayed.length > RECENT_POINTS) {
        const value = delayed.shift();
        if (value !== undefined && (!isOpen || slow > LONGEST)) usual.push(value);
      }
      if (usual.length < USUAL_LEAST) return;
      const before = usual.median();
      const now = recent.median();
      const drop = 1 - now / before;
      const needed = thresholds.throughputDrop * (isOpen ? 0.5 : 1);
      const isSlow = drop > needed && slow <= LONGEST;
      const noise = isSlow && !isOpen ? (usual.deviation() * MEDIAN_SPREAD) / Math.sqrt(RECENT_POINTS) : 0;
      if (!isSlow || before - now < DEVIATIONS * noise) {
        if (isOpen) report.settle('throughput-drop');
        slow = 0;
        return;
      }
      slow += 1;
      const isWorse = slow === 1 || drop > worst * 1.1;
      worst = slow === 1 ? drop : Math.max(worst, drop);
      const unit =
        row.values.has('tokensPerSecond') || row.values.has('tokensPerSecondPerGpu') ? 'tokens/s' : 'steps/s';
      report.raise(
        {
          kind: 'throughput-drop',
          severity: 'warning',
          step: row.step,
          title: `${percent(drop)} slower since step ${formatInteger(row.step)}`,
          explanation: `The median of the newest ${RECENT_POINTS} points is ${short(now)} ${unit}; it was ${short(before)} over the ${usual.length} before.`,
          advice:
            'Look for a node that throttles or swaps, a file system that is busy (data loading, checkpoints), and other jobs on the same nodes. Starting again from a checkpoint on other nodes often helps.',
        },
        isWorse,
      );
    },
  };
}

export function createLowMfuDetector({ facts, thresholds }: WatchContext): Detector {
  const newest = createRollingWindow(MFU_POINTS);
  let seen = 0;
  let isRaised = false;
  return {
    push({ step, values }, report) {
      const { gpu, gpus, flopsPerToken } = facts;
      if (gpu === null) return;
      const total = values.get('tokensPerSecond');
      const perGpu =
        values.get('tokensPerSecondPerGpu') ?? (total === undefined || !gpus ? undefined : total / gpus);
      const teraflops = values.get('teraflopsPerGpu');
      const flops =
        perGpu !== undefined && flopsPerToken !== null
          ? perGpu * flopsPerToken.nanotron
          : teraflops === undefined
            ? undefined
            : teraflops * TERA;
      if (flops === undefined || !Number.isFinite(flops) || flops <= 0) return;
      seen += 1;
      if (seen <= WARM_UP_POINTS) return;
      newest.push(flops / gpu.peakFlops);
      if (newest.length < MFU_POINTS) return;
      const mfu = newest.median();
      if (mfu >= thresholds.lowMfu) {
        if (isRaised && mfu > thresholds.lowMfu * 1.1) {
          isRaised = false;
          report.settle('low-mfu');
        }
        return;
      }
      report.raise(
        {
          kind: 'low-mfu',
          severity: 'warning',
          step,
          title: `Low MFU: ${percent(mfu)}`,
          explanation: `The median of the newest ${MFU_POINTS} points is ${percent(mfu)} of the ${short(gpu.peakFlops / TERA)} TFLOP/s of ${gpu.name} (attention counted full); below ${percent(thresholds.lowMfu)} something is usually wrong.`,
          advice:
            'Look at the network first (InfiniBand or TCP), then at tensor parallelism over nodes, num_loading_workers 0, a micro batch that is too small, and gradients reduced in fp32.',
        },
        !isRaised,
      );
      isRaised = true;
    },
  };
}
