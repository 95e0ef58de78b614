// One source of curves while somebody looks at it: the metrics and log of a run, or any log file.
// Shared by all readers in this core. Knows nothing about who reads.
import type { SeriesState } from '../../api/series.ts';
import { replacedTag } from '../../lib/series/extra-columns.ts';
import type { ColumnBuffer } from '../../lib/series/column-buffer.ts';
import { createSignalBus, type SignalBus } from '../signal-bus.ts';
import { type LogReader, openLogReader } from './log-reader.ts';

/** How often a run's end is asked for. */
const END_POLL_MS = 500;

export interface SourceFile {
  /** Absolute. */
  readonly path: string;
  /** Before every tag of it: `task 3/`; empty for the run's own. */
  readonly prefix: string;
}

/** A later file of points has so many, and so many times as many, before it is taken instead: nanochat logs each hundredth step. */
const LEAST_POINTS = 20;
const TIMES_AS_MANY = 4;

export interface SourceFiles {
  /** The first that has a tag gives its points, unless a later one has far more of them. */
  readonly files: readonly SourceFile[];
  /** Whether nothing will be written any more. Files by themselves never say so. */
  readonly isOver: () => Promise<boolean>;
}

export interface OpenSource {
  readonly changes: SignalBus<SeriesState>;
  state(): SeriesState;
  column(tag: string): ColumnBuffer | undefined;
  /** All of them, also those beside the metrics. */
  columns(): ReadonlyMap<string, ColumnBuffer>;
  /** Resolves when everything that was there has been read. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

export function openSource(files: SourceFiles): OpenSource {
  const changes = createSignalBus<SeriesState>();
  const prefixed = files.files.map(({ path, prefix }) => ({
    prefix,
    reader: openLogReader(path, () => changes.emit(state())),
  }));
  const readers: readonly LogReader[] = prefixed.map(({ reader }) => reader);
  let ended = false;
  let cannotRead = false;
  let ending: Promise<void> | null = null;
  let takeovers = 0;
  const isReading = (): boolean => !ended && !cannotRead && readers.some((reader) => !reader.isCaughtUp);
  const servedBy = new Map<string, { readonly reader: LogReader; readonly name: string }>();
  const extraBy = new Map<string, { readonly reader: LogReader; readonly name: string }>();

  /** Which reader serves a tag; when another file is taken for it, points are replaced. */
  const collect = (): Record<string, number> => {
    const points: Record<string, number> = {};
    const serving = new Map<string, { readonly reader: LogReader; readonly name: string }>();
    for (const { reader, prefix } of prefixed) {
      for (const [name, column] of reader.log.series) {
        const tag = `${prefix}${name}`;
        const known = points[tag];
        if (
          known !== undefined &&
          // One that is read later may only seem to have fewer.
          (isReading() || column.length < LEAST_POINTS || column.length <= TIMES_AS_MANY * known)
        )
          continue;
        points[tag] = column.length;
        serving.set(tag, { reader, name });
      }
    }
    for (const [tag, served] of serving) {
      const before = servedBy.get(tag);
      if (before !== undefined && before.reader !== served.reader) takeovers += 1;
      servedBy.set(tag, served);
    }
    // Times come from the first file that has any, and not from one task of many; what was replaced belongs to the file that
    // serves its tag.
    for (const { reader, prefix } of prefixed) {
      for (const [name, column] of reader.log.extra) {
        const tag = replacedTag(name);
        if (tag === null ? prefix !== '' : servedBy.get(`${prefix}${tag}`)?.reader !== reader) continue;
        const outer = tag === null ? name : `${name.slice(0, -tag.length)}${prefix}${tag}`;
        if (outer in points) continue;
        points[outer] = column.length;
        extraBy.set(outer, { reader, name });
      }
    }
    return points;
  };
  const state = (): SeriesState => {
    const points = collect();
    const newest = Math.max(...readers.map((reader) => reader.newestPointMs ?? 0), 0);
    return {
      points,
      generation: readers.reduce((sum, reader) => sum + reader.generation, takeovers),
      readBytes: readers.reduce((sum, reader) => sum + reader.readBytes, 0),
      skippedLines: readers.reduce((sum, reader) => sum + reader.log.skippedLines, 0),
      newestPointMs: newest > 0 ? newest : null,
      isReading: isReading(),
      ended,
      isRemoved: readers.some((reader) => reader.isRemoved),
    };
  };
  const catchUp = async () => {
    await Promise.all(readers.map((reader) => reader.catchUp()));
    await lookForEnd();
  };
  const lookForEnd = async () => {
    if (ended || !(await files.isOver())) return;
    ending ??= (async () => {
      for (const reader of readers) await reader.finish();
      ended = true;
      changes.emit(state());
    })();
    await ending;
  };

  const timer = setInterval(() => void lookForEnd().catch(() => {}), END_POLL_MS);
  timer.unref();
  const column = (tag: string): ColumnBuffer | undefined => {
    const extra = extraBy.get(tag);
    if (extra) return extra.reader.log.extra.get(extra.name);
    if (!servedBy.has(tag)) collect();
    const served = servedBy.get(tag);
    return served?.reader.log.series.get(served.name);
  };
  void catchUp().catch(() => {
    // What cannot be read is not read any further: the window must not wait for it.
    cannotRead = true;
    changes.emit(state());
  });
  return {
    changes,
    state,
    column,
    columns: () =>
      new Map(
        Object.keys(collect()).flatMap((tag) => {
          const own = column(tag);
          return own ? [[tag, own] as const] : [];
        }),
      ),
    catchUp,
    async close() {
      clearInterval(timer);
      await ending?.catch(() => {});
      for (const reader of readers) await reader.close();
    },
  };
}
