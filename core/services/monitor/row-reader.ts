// Reads what was appended to a run's files since the last look, as rows for the watchdog. Keeps no points: a run of a million steps
// costs nothing to watch but the reading of each line once.
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeriesCollector } from '../../lib/logs/series-collector.ts';
import { TIME_COLUMN } from '../../lib/series/extra-columns.ts';
import type { ColumnBuffer } from '../../lib/series/column-buffer.ts';
import { createLineLog } from '../../lib/logs/training-log.ts';
import type { TrainingLog } from '../../lib/logs/log-contents.ts';
import { createRowBuilder, type RowBuilder, type WatchRow } from '../../lib/watchdog/watch-row.ts';

const CHUNK_BYTES = 1_048_576;
/** For what is written while it is read. */
const SPARE_BYTES = 4096;

export interface RowReader {
  /** Reads to the end; true when there were new rows. */
  readOn(signal?: AbortSignal): Promise<boolean>;
  readonly trainSteps: number | null;
  /** Last write of metrics or log; null while there is neither. */
  readonly newestOutputMs: number | null;
  /** Last write that had rows in it. */
  readonly newestRowMs: number | null;
  /** The newest word of the log is that a checkpoint is being written. */
  readonly isSaving: boolean;
}

interface Followed {
  readonly path: string;
  readonly passesRows: () => boolean;
  offset: number;
  log: TrainingLog;
  rows: RowBuilder;
  modifiedMs: number;
  rowMs: number;
}

/** Of the log, before it is taken although there are metrics, and how many times as many: nanochat logs each hundredth step to wandb. */
const LEAST_ROWS = 20;
const TIMES_AS_MANY = 4;

/** Rows come from metrics.jsonl once it has any, from the log before, and where that has far more of them. */
export function createRowReader(folder: string, emit: (row: WatchRow) => void): RowReader {
  let metricsRows = 0;
  let logRows = 0;
  let emitted = 0;
  const follow = (name: string, passesRows: () => boolean): Followed => {
    const followed: Followed = {
      path: join(folder, name),
      passesRows,
      offset: 0,
      log: createLineLog(name),
      rows: createRowBuilder(
        () => {},
        () => null,
      ),
      modifiedMs: 0,
      rowMs: 0,
    };
    startOver(followed);
    return followed;
  };
  const startOver = (followed: Followed) => {
    followed.offset = 0;
    followed.rows = createRowBuilder(
      (row) => {
        if (!followed.passesRows()) return;
        emitted += 1;
        emit(row);
      },
      () => followed.log.newestPointMs,
    );
    followed.log = createLineLog(followed.path, (onRestart) => passing(followed.rows, onRestart));
  };
  const hasDenseLog = () => logRows >= LEAST_ROWS && logRows > TIMES_AS_MANY * metricsRows;
  const metrics = follow('metrics.jsonl', () => {
    metricsRows += 1;
    return !hasDenseLog();
  });
  const log = follow('log.txt', () => {
    logRows += 1;
    return metricsRows === 0 || hasDenseLog();
  });

  const readFile = async (followed: Followed, signal?: AbortSignal): Promise<void> => {
    const info = await stat(followed.path).catch(() => null);
    if (info === null || !info.isFile()) return;
    if (info.size < followed.offset) startOver(followed);
    followed.modifiedMs = info.mtimeMs;
    if (info.size === followed.offset) return;
    const before = emitted;
    const handle = await open(followed.path, 'r');
    try {
      // A live run writes a line now and then: a megabyte for each would be most of what is cleaned up later.
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, info.size - followed.offset + SPARE_BYTES));
      for (;;) {
        signal?.throwIfAborted();
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, followed.offset);
        if (bytesRead === 0) break;
        followed.offset += bytesRead;
        followed.log.push(buffer.subarray(0, bytesRead));
      }
    } finally {
      await handle.close();
    }
    followed.log.settle();
    followed.rows.flush();
    if (emitted > before) followed.rowMs = info.mtimeMs;
  };

  return {
    async readOn(signal) {
      const before = emitted;
      await readFile(metrics, signal);
      await readFile(log, signal);
      return emitted > before;
    },
    get trainSteps() {
      return metrics.log.totalSteps ?? log.log.totalSteps;
    },
    get newestOutputMs() {
      return Math.max(metrics.modifiedMs, log.modifiedMs) || null;
    },
    get newestRowMs() {
      return Math.max(metrics.rowMs, log.rowMs) || null;
    },
    get isSaving() {
      const event = log.log.events.at(-1);
      return event?.kind === 'checkpoint' && event.step === log.log.newestStep;
    },
  };
}

/** Points pass through; only whether steps began again is remembered. */
function passing(
  rows: RowBuilder,
  onRestart: (tag: string, toStep: number, dropped: number) => void,
): SeriesCollector {
  let newestStep: number | null = null;
  const collector = {
    columns: new Map<string, ColumnBuffer>(),
    extra: new Map<string, ColumnBuffer>(),
    generation: 0,
    droppedPoints: 0,
    get newestStep() {
      return newestStep;
    },
    add(tag: string, step: number, value: number) {
      if (newestStep !== null && step < newestStep) onRestart(tag, step, 0);
      newestStep = step;
      rows.add(tag, step, value);
    },
    adderOf: (tag: string) => (step: number, value: number) => collector.add(tag, step, value),
    addRow(names: readonly string[], step: number, values: readonly number[]) {
      for (const [index, name] of names.entries()) collector.add(name, step, values[index] as number);
    },
    addTime(step: number, ms: number) {
      rows.add(TIME_COLUMN, step, ms);
    },
  };
  return collector;
}
