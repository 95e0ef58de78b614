// One run under watch: its rows go to the watchdog, and the clock is asked what only it can tell. Knows nothing about who is told.
import { join } from 'node:path';
import type { CheckpointList } from '../../api/checkpoints.ts';
import type { Finding } from '../../api/findings.ts';
import type { RunFacts } from '../../api/run-facts.ts';
import type { Run } from '../../api/runs.ts';
import { checkMoment } from '../../lib/watchdog/clock-checks.ts';
import { createWatchdog } from '../../lib/watchdog/watchdog.ts';
import type { WatchFile } from '../../lib/watchdog/watch-file.ts';
import type { CoreContext } from '../context.ts';
import { readRemote } from '../runs/remote/remote-file.ts';
import { factsOf, readRecord } from '../runs/run-facts.ts';
import { createRowReader } from './row-reader.ts';
import { thresholdsOf } from './thresholds.ts';

const MS_PER_SECOND = 1000;

export interface WatchedRun {
  readonly findings: readonly Finding[];
  /** Grows when there is something to tell. */
  readonly version: number;
  /** Reads what is new. */
  readOn(signal?: AbortSignal): Promise<void>;
  /** Asks the clock; only of a run that is at work. */
  lookAtClock(run: Run, looks: ClockLooks): Promise<void>;
  /** It is over: nothing of what the clock found goes on. */
  finish(): void;
}

export interface ClockLooks {
  readonly nowMs: number;
  /** Since when this computer was awake and watched the run. */
  readonly seenSinceMs: number;
  readonly checkpoints: CheckpointList | null;
}

export async function watchRun(
  context: CoreContext,
  root: string,
  id: string,
  file: WatchFile,
): Promise<WatchedRun> {
  const folder = join(root, 'runs', id);
  const record = await readRecord(root, id);
  const facts: RunFacts = await factsOf(root, record, await context.settings.read());
  const thresholds = await thresholdsOf(root, file.thresholds);
  let rowMs: number | null = null;
  const reader = createRowReader(folder, (row) => dog.push(row, reader.newestOutputMs ?? Date.now()));
  const dog = createWatchdog({
    facts,
    thresholds,
    known: file.findings,
    trainSteps: () => reader.trainSteps,
  });

  return {
    get findings() {
      return dog.episodes.findings;
    },
    get version() {
      return dog.episodes.version;
    },
    async readOn(signal) {
      const isNew = await reader.readOn(signal);
      if (!isNew) return;
      const { newestRowMs } = reader;
      if (rowMs !== null && newestRowMs !== null) dog.sawGap((newestRowMs - rowMs) / MS_PER_SECOND);
      rowMs = newestRowMs;
    },
    async lookAtClock(run, { nowMs, seenSinceMs, checkpoints }) {
      const remote = record.remote === null ? null : await readRemote(folder);
      const isBlind = remote !== null && (remote.unknownSinceMs !== null || remote.seenMs === null);
      checkMoment(dog.episodes, {
        nowMs,
        facts: { ...facts, trainSteps: reader.trainSteps ?? facts.trainSteps },
        thresholds,
        newestOutputMs: isBlind ? null : reader.newestOutputMs,
        newestRowMs: reader.newestRowMs,
        seenSinceMs,
        isSaving: reader.isSaving,
        newestStep: dog.newestStep,
        pace: dog.pace(),
        checkpoints,
        startedMs: run.attempts.at(-1)?.startedMs ?? run.startedMs,
      });
    },
    finish() {
      dog.episodes.settle('stalled');
      dog.episodes.settle('time-limit');
      dog.episodes.settle('disk-nearly-full');
    },
  };
}
