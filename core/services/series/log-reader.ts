// One followed file as a training log: its series, and a generation that changes whenever points were replaced.
import { statSync } from 'node:fs';
import { createTrainingLog } from '../../lib/logs/training-log.ts';
import type { TrainingLog } from '../../lib/logs/log-contents.ts';
import { openFileTail } from './file-tail.ts';

export interface LogReader {
  readonly log: TrainingLog;
  readonly generation: number;
  readonly readBytes: number;
  /** What was read is of a file that is not there any more. */
  readonly isRemoved: boolean;
  /** Unix ms of the newest point: from the file's own times, else when the file last grew by points. */
  readonly newestPointMs: number | null;
  /** Whether what was there when it was opened has been read, or is not there. */
  readonly isCaughtUp: boolean;
  catchUp(): Promise<void>;
  /** Reads the rest and treats a last half line as all there will be. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** `onChange` is called after new bytes were read, after a reset, and when it has caught up for the first time. */
export function openLogReader(path: string, onChange: () => void): LogReader {
  const newLog = () => createTrainingLog(path, statSync(path, { throwIfNoEntry: false })?.mtimeMs);
  let log = newLog();
  let finishedGenerations = 0;
  let resets = 0;
  let grownMs: number | null = null;
  let changed = false;
  let isCaughtUp = false;
  let knownPoints = 0;
  let wasRemoved = false;

  const tail = openFileTail(path, {
    onBytes(bytes) {
      log.push(bytes);
      changed = true;
      onChange();
    },
    onReset() {
      finishedGenerations += log.generation;
      resets += 1;
      log = newLog();
      changed = true;
    },
    onCaughtUp(modifiedMs) {
      const isNews = !isCaughtUp || tail.isRemoved !== wasRemoved;
      isCaughtUp = true;
      wasRemoved = tail.isRemoved;
      if (!changed) {
        if (isNews) onChange();
        return;
      }
      changed = false;
      log.settle();
      const points = countPoints(log);
      if (points !== knownPoints && modifiedMs !== null) grownMs = modifiedMs;
      knownPoints = points;
      onChange();
    },
  });

  return {
    get log() {
      return log;
    },
    get generation() {
      // The file's own number keeps generations of a reader that was closed and opened again apart.
      return (tail.inode % 1_000_000) * 1000 + resets + finishedGenerations + log.generation;
    },
    get readBytes() {
      return tail.offset;
    },
    get isRemoved() {
      return tail.isRemoved;
    },
    get newestPointMs() {
      return log.newestPointMs ?? grownMs;
    },
    get isCaughtUp() {
      return isCaughtUp;
    },
    catchUp: () => tail.catchUp(),
    async finish() {
      await tail.catchUp();
      await tail.close();
      log.end();
      onChange();
    },
    close: () => tail.close(),
  };
}

function countPoints(log: TrainingLog): number {
  let points = 0;
  for (const column of log.series.values()) points += column.length;
  return points;
}
