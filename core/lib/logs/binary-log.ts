// Files of metrics that are not lines: TensorBoard's event files, wandb's run files, the trainer_state.json of Hugging Face
// trainers. Bytes in, series out, as for a log of lines.
import { createSeriesCollector, type SeriesCollector } from './series-collector.ts';
import { createLevelLogReader, createTfRecordReader, type RecordReader } from './binary/records.ts';
import { createEventReader } from './binary/tensorboard-event.ts';
import { readHistory } from './binary/wandb-record.ts';
import type { LogEvent } from './log-events.ts';
import { readTrainerState } from './trainer-state.ts';
import type { TrainingLog } from './log-contents.ts';

/** A state is written anew at each checkpoint and holds every line that was printed. */
const MAX_STATE_BYTES = 256 * 1024 * 1024;

export type BinaryLogKind = 'tensorboard' | 'wandb' | 'trainer-state';

/** By the name alone: these formats have names that nothing else has. Null for a log of lines. */
export function binaryLogKind(path: string): BinaryLogKind | null {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  if (/tfevents/.test(name)) return 'tensorboard';
  if (name.endsWith('.wandb')) return 'wandb';
  return name === 'trainer_state.json' ? 'trainer-state' : null;
}

interface Progress {
  skipped: number;
  totalSteps: number | null;
  newestPointMs: number | null;
}

interface Source {
  push(bytes: Uint8Array): void;
  settle(): void;
}

/** A record that cannot be read is counted and left out; a file that is no such file counts once. */
export function createBinaryLog(kind: BinaryLogKind): TrainingLog {
  const events: LogEvent[] = [];
  const collector = createSeriesCollector((tag, toStep, dropped) =>
    events.push({ kind: 'restart', tag, toStep, dropped, line: 0, step: collector.newestStep }),
  );
  const progress: Progress = { skipped: 0, totalSteps: null, newestPointMs: null };
  const source = sources[kind](collector, progress);
  return {
    series: collector.columns,
    extra: collector.extra,
    events,
    get skippedLines() {
      return progress.skipped;
    },
    get generation() {
      return collector.generation;
    },
    get totalSteps() {
      return progress.totalSteps;
    },
    get newestStep() {
      return collector.newestStep;
    },
    get newestPointMs() {
      return progress.newestPointMs;
    },
    etaText: null,
    push: (bytes) => source.push(bytes),
    settle: () => source.settle(),
    end: () => source.settle(),
  };
}

const sources: Readonly<Record<BinaryLogKind, (collector: SeriesCollector, progress: Progress) => Source>> = {
  tensorboard(collector, progress) {
    const events = createEventReader(collector.adderOf);
    return recordSource(progress, createTfRecordReader, (bytes, start, end) => {
      const wallTime = events.read(bytes, start, end);
      if (wallTime <= 0) return;
      progress.newestPointMs = wallTime * 1000;
      if (collector.newestStep !== null) collector.addTime(collector.newestStep, wallTime * 1000);
    });
  },
  wandb(collector, progress) {
    let rows = 0;
    return recordSource(progress, createLevelLogReader, (record) => {
      const row = readHistory(record);
      if (row === null) return;
      const step = row.step ?? rows;
      rows += 1;
      for (let index = 0; index < row.names.length; index += 1) {
        collector.add(row.names[index] as string, step, row.values[index] as number);
      }
      if (row.time === null) return;
      progress.newestPointMs = row.time * 1000;
      collector.addTime(step, row.time * 1000);
    });
  },
  'trainer-state'(collector, progress) {
    const chunks: Uint8Array[] = [];
    let size = 0;
    return {
      push(bytes) {
        size += bytes.length;
        if (size <= MAX_STATE_BYTES) chunks.push(bytes.slice());
      },
      settle() {
        const state = size > MAX_STATE_BYTES ? null : readTrainerState(chunks);
        // Half written, or not what its name says: the next version is read from the start again.
        progress.skipped = state === null ? 1 : 0;
        if (state === null) return;
        progress.totalSteps = state.totalSteps;
        for (const { step, names, values } of state.rows) {
          for (const [index, name] of names.entries()) collector.add(name, step, values[index] as number);
        }
      },
    };
  },
};

function recordSource<Where extends readonly unknown[]>(
  progress: Progress,
  open: (onRecord: (...where: Where) => void) => RecordReader,
  read: (...where: Where) => void,
): Source {
  const reader = open((...where) => {
    try {
      read(...where);
    } catch {
      // The container is whole, the message in it is not: of another version, or damaged.
      progress.skipped += 1;
    }
  });
  let isCounted = false;
  return {
    push(bytes) {
      reader.push(bytes);
      if (!reader.isBroken || isCounted) return;
      isCounted = true;
      progress.skipped += 1;
    },
    settle: () => undefined,
  };
}
