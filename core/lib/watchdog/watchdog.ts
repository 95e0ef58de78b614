// Watches over the points of one run as they come. Incremental: each row is seen once; what it found is a list of episodes.
import type { Finding, Thresholds } from '../../api/findings.ts';
import type { RunFacts } from '../../api/run-facts.ts';
import { MS_PER_SECOND } from '../derived/known-tags.ts';
import { stageAt } from '../derived/run-numbers.ts';
import { type Detector, reportAt, type WatchContext } from './detector.ts';
import { createEpisodes, type Episodes } from './episodes.ts';
import { createGradNormDetector } from './grad-norm.ts';
import { createRiseDetector, createSpikeDetector } from './loss.ts';
import { createNotFiniteDetector } from './not-finite.ts';
import { createRateDetector } from './rate.ts';
import { createRollingWindow } from './rolling-window.ts';
import { createLowMfuDetector, createThroughputDetector } from './throughput.ts';
import type { WatchRow } from './watch-row.ts';

/** Iteration times that a stall is measured by. */
const PACE_POINTS = 50;
const PACE_LEAST = 3;

export interface WatchdogOptions {
  readonly facts: RunFacts;
  readonly thresholds: Thresholds;
  /** Findings of an earlier look at the same run. */
  readonly known?: readonly Finding[];
  readonly trainSteps?: () => number | null;
}

export interface Pace {
  /** Median seconds of one iteration. */
  readonly secondsPerStep: number;
  /** Median seconds between two logged rows. */
  readonly secondsPerRow: number;
  /** Longest gap between two rows that was followed by more rows. */
  readonly longestGapSeconds: number;
}

export interface Watchdog {
  /** `nowMs` dates the findings of rows that have no time of their own. */
  push(row: WatchRow, nowMs: number): void;
  readonly episodes: Episodes;
  readonly newestStep: number | null;
  /** The files were silent for so long and then had rows again: for rows that have no time of their own. */
  sawGap(seconds: number): void;
  /** Null before enough rows were timed. */
  pace(): Pace | null;
}

export function createWatchdog({ facts, thresholds, known, trainSteps }: WatchdogOptions): Watchdog {
  const context: WatchContext = { facts, thresholds, trainSteps: trainSteps ?? (() => null) };
  let detectors = allDetectors(context);
  const episodes = createEpisodes(known);
  const stepSeconds = createRollingWindow(PACE_POINTS);
  const rowSteps = createRollingWindow(PACE_POINTS);
  let before: WatchRow | null = null;
  let longestGapSeconds = 0;
  let stage: string | null = null;

  /** Rows without a speed of their own are timed by their clock. */
  const timed = (row: WatchRow): WatchRow => {
    if (before === null || row.step <= before.step) return row;
    const steps = row.step - before.step;
    rowSteps.push(steps);
    const clock =
      row.timeMs === null || before.timeMs === null ? null : (row.timeMs - before.timeMs) / MS_PER_SECOND;
    const logged = row.values.get('secondsPerStep');
    const seconds = logged === undefined ? (clock === null ? null : clock / steps) : logged / MS_PER_SECOND;
    if (clock !== null && clock > longestGapSeconds) longestGapSeconds = clock;
    if (seconds === null || !Number.isFinite(seconds) || seconds <= 0) return row;
    stepSeconds.push(seconds);
    if (logged !== undefined || row.values.has('tokensPerSecond')) return row;
    return { ...row, values: new Map(row.values).set('secondsPerStep', seconds * MS_PER_SECOND) };
  };

  return {
    episodes,
    get newestStep() {
      return before?.step ?? null;
    },
    push(row, nowMs) {
      const nowStage = stageAt(facts, row.step)?.name ?? null;
      if (stage !== null && nowStage !== stage) for (const detector of detectors) detector.startStage?.();
      stage = nowStage;
      // A run that was started again from an earlier step is not measured by where it had been.
      if (before !== null && row.step < before.step) detectors = allDetectors(context);
      const whole = timed(row);
      const report = reportAt(episodes, row.timeMs ?? nowMs);
      for (const detector of detectors) detector.push(whole, report);
      before = row;
    },
    sawGap(seconds) {
      longestGapSeconds = Math.max(longestGapSeconds, seconds);
    },
    pace() {
      if (stepSeconds.length < PACE_LEAST) return null;
      const secondsPerStep = stepSeconds.median();
      return { secondsPerStep, secondsPerRow: secondsPerStep * rowSteps.median(), longestGapSeconds };
    },
  };
}

function allDetectors(context: WatchContext): readonly Detector[] {
  return [
    createNotFiniteDetector(),
    createSpikeDetector(context),
    createRiseDetector(context),
    createGradNormDetector(context),
    createThroughputDetector(context),
    createLowMfuDetector(context),
    createRateDetector(context),
  ];
}
