// The newest values of a run for the list: from the end of metrics.jsonl, else from the end of its log.
// Reads a bounded piece once, and then only what was written since.
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingLog } from '../../lib/logs/log-contents.ts';
import { readMetricsLine } from '../../lib/logs/metrics-jsonl.ts';
import { createNewestValues, type NewestValues } from '../../lib/logs/newest-values.ts';
import { createLineLog } from '../../lib/logs/training-log.ts';

/** Hundreds of lines; tags logged more rarely than that are not news when a studio opens. */
const END_BYTES = 65_536;
/** `total_steps` is in the first line. */
const HEAD_BYTES = 4096;
/** Shown when a recipe names no main metrics. */
const DEFAULT_TAGS = 4;
/** Of a file nobody wrote to for so long, no place is kept to read on from. */
const LIVE_MS = 3_600_000;

export interface Latest {
  readonly values: Record<string, number>;
  readonly step: number | null;
  readonly pointMs: number | null;
  readonly totalSteps: number | null;
  /** Last write of metrics or log. */
  readonly newestOutputMs: number | null;
}

export const noLatest: Latest = {
  values: {},
  step: null,
  pointMs: null,
  totalSteps: null,
  newestOutputMs: null,
};

export type LatestReader = (folder: string, mainTags: readonly string[]) => Promise<Latest>;

/** How far a file was read, and what stood in it. */
interface Reading {
  readonly path: string;
  readonly inode: number;
  readonly log: TrainingLog;
  readonly newest: NewestValues;
  /** From the first line, where the piece that was read has none. */
  readonly totalSteps: number | null;
  offset: number;
}

interface Kept {
  readonly key: string;
  readonly latest: Latest;
  readonly reading: Reading | null;
}

/** A reader that remembers its answer for each folder until a file changes. */
export function createLatestReader(): LatestReader {
  const kept = new Map<string, Kept>();
  return async (folder, mainTags) => {
    const metrics = await statOf(join(folder, 'metrics.jsonl'));
    const log = await statOf(join(folder, 'log.txt'));
    const key = [metrics?.size, metrics?.mtimeMs, log?.size, log?.mtimeMs, ...mainTags].join(' ');
    const before = kept.get(folder);
    if (before?.key === key) return before.latest;
    // One at a time goes on from there: another that asks meanwhile begins anew.
    if (before) kept.set(folder, { ...before, reading: null });
    const newestOutputMs = Math.max(metrics?.mtimeMs ?? 0, log?.mtimeMs ?? 0) || null;
    const source = metrics && metrics.size > 0 ? 'metrics.jsonl' : log ? 'log.txt' : null;
    const reading =
      source === null ? null : await readOn(join(folder, source), before?.reading ?? null).catch(() => null);
    const latest =
      reading === null
        ? { ...noLatest, newestOutputMs }
        : { ...latestOf(reading, mainTags, newestOutputMs), newestOutputMs };
    const isLive = Date.now() - (newestOutputMs ?? 0) < LIVE_MS;
    kept.set(folder, { key, latest, reading: isLive ? reading : null });
    return latest;
  };
}

/** Reads to the end: from where `before` ended, if that was in this very file and not long ago in it. */
async function readOn(path: string, before: Reading | null): Promise<Reading> {
  const handle = await open(path, 'r');
  try {
    const { size, ino } = await handle.stat();
    const goesOn =
      before !== null &&
      before.path === path &&
      before.inode === ino &&
      before.offset <= size &&
      size - before.offset <= END_BYTES;
    const reading = goesOn ? before : await beginAtEnd(handle, { path, ino, size });
    const bytes = await readBytes(handle, reading.offset, size);
    // The first line is cut unless the piece starts the file.
    reading.log.push(goesOn || reading.offset === 0 ? bytes : bytes.subarray(bytes.indexOf(0x0a) + 1));
    reading.log.settle();
    reading.offset += bytes.length;
    return reading;
  } finally {
    await handle.close();
  }
}

async function beginAtEnd(
  handle: FileHandle,
  { path, ino, size }: { readonly path: string; readonly ino: number; readonly size: number },
): Promise<Reading> {
  const offset = Math.max(0, size - END_BYTES);
  const newest = createNewestValues();
  return {
    path,
    inode: ino,
    newest,
    log: createLineLog(path, () => newest),
    totalSteps: offset === 0 ? null : await readTotal(handle),
    offset,
  };
}

function latestOf(
  { log, newest, totalSteps }: Reading,
  mainTags: readonly string[],
  newestOutputMs: number | null,
): Omit<Latest, 'newestOutputMs'> {
  const values: Record<string, number> = {};
  for (const tag of chooseTags([...newest.values.keys()], mainTags)) {
    const value = newest.values.get(tag);
    // Infinity does not survive JSON; NaN does, by name.
    if (value !== undefined) values[tag] = Number.isFinite(value) ? value : Number.NaN;
  }
  return {
    values,
    step: newest.newestStep,
    pointMs: newest.newestStep === null ? null : (log.newestPointMs ?? newestOutputMs),
    totalSteps: log.totalSteps ?? totalSteps,
  };
}

function chooseTags(found: readonly string[], mainTags: readonly string[]): readonly string[] {
  const main = mainTags.filter((tag) => found.includes(tag));
  return main.length > 0 ? main : found.filter((tag) => tag !== 'epoch').slice(0, DEFAULT_TAGS);
}

async function readTotal(handle: FileHandle): Promise<number | null> {
  const head = await readBytes(handle, 0, HEAD_BYTES);
  const firstLine = Buffer.from(head).toString('utf8').split('\n')[0] ?? '';
  return readMetricsLine(firstLine)?.totalSteps ?? null;
}

async function readBytes(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
  return buffer.subarray(0, bytesRead);
}

async function statOf(path: string) {
  return stat(path).catch(() => null);
}
