// The newest values of a run for the list: from the end of metrics.jsonl, else from the end of its log.
// Reads a bounded piece, and only when the file changed.
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readMetricsLine } from '../../lib/logs/metrics-jsonl.ts';
import { createTrainingLog } from '../../lib/logs/training-log.ts';

/** Hundreds of lines; tags logged more rarely than that are not news. */
const END_BYTES = 65_536;
/** `total_steps` is in the first line. */
const HEAD_BYTES = 4096;
/** Shown when a recipe names no main metrics. */
const DEFAULT_TAGS = 4;

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

/** A reader that remembers its answer for each folder until a file changes. */
export function createLatestReader(): LatestReader {
  const cache = new Map<string, { readonly key: string; readonly latest: Latest }>();
  return async (folder, mainTags) => {
    const metrics = await statOf(join(folder, 'metrics.jsonl'));
    const log = await statOf(join(folder, 'log.txt'));
    const key = [metrics?.size, metrics?.mtimeMs, log?.size, log?.mtimeMs, ...mainTags].join(' ');
    const known = cache.get(folder);
    if (known?.key === key) return known.latest;
    const newestOutputMs = Math.max(metrics?.mtimeMs ?? 0, log?.mtimeMs ?? 0) || null;
    const source = metrics && metrics.size > 0 ? 'metrics.jsonl' : log ? 'log.txt' : null;
    const latest =
      source === null
        ? { ...noLatest, newestOutputMs }
        : await readLatest(join(folder, source), { mainTags, newestOutputMs });
    cache.set(folder, { key, latest });
    return latest;
  };
}

interface ReadOptions {
  readonly mainTags: readonly string[];
  readonly newestOutputMs: number | null;
}

async function readLatest(path: string, { mainTags, newestOutputMs }: ReadOptions): Promise<Latest> {
  const handle = await open(path, 'r').catch(() => null);
  if (!handle) return { ...noLatest, newestOutputMs };
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - END_BYTES);
    const end = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const bytes = end.buffer.subarray(0, end.bytesRead);
    // The first line is cut unless the piece starts the file.
    const firstLine = start === 0 ? 0 : bytes.indexOf(0x0a) + 1;
    const log = createTrainingLog(path);
    log.push(bytes.subarray(firstLine));
    log.settle();
    const totalSteps = log.totalSteps ?? (start === 0 ? null : await readTotal(path));
    const values: Record<string, number> = {};
    for (const tag of chooseTags([...log.series.keys()], mainTags)) {
      const { values: column } = log.series.get(tag)?.view() ?? { values: [] };
      const value = column.at(-1);
      // Infinity does not survive JSON; NaN does, by name.
      if (value !== undefined) values[tag] = Number.isFinite(value) ? value : Number.NaN;
    }
    return {
      values,
      step: log.newestStep,
      pointMs: log.newestStep === null ? null : (log.newestPointMs ?? newestOutputMs),
      totalSteps,
      newestOutputMs,
    };
  } finally {
    await handle.close();
  }
}

function chooseTags(found: readonly string[], mainTags: readonly string[]): readonly string[] {
  const main = mainTags.filter((tag) => found.includes(tag));
  return main.length > 0 ? main : found.filter((tag) => tag !== 'epoch').slice(0, DEFAULT_TAGS);
}

async function readTotal(path: string): Promise<number | null> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const firstLine = buffer.subarray(0, bytesRead).toString('utf8').split('\n')[0] ?? '';
    return readMetricsLine(firstLine)?.totalSteps ?? null;
  } finally {
    await handle.close();
  }
}

async function statOf(path: string) {
  return stat(path).catch(() => null);
}
