// All points of a run as the files have them now, for numbers that are asked for once. Follows nothing.
import { open, stat } from 'node:fs/promises';
import type { RunPoints } from '../../lib/derived/run-numbers.ts';
import { createTrainingLog } from '../../lib/logs/training-log.ts';
import type { TrainingLog } from '../../lib/logs/log-contents.ts';
import { curveFilesOf } from '../series/curve-files.ts';

const CHUNK_BYTES = 1_048_576;

/** The files that the curves of the run are drawn from, in the same order: the first that has a tag gives its points. */
export async function readRunPoints(folder: string, signal?: AbortSignal): Promise<RunPoints> {
  const logs: { readonly log: TrainingLog; readonly prefix: string }[] = [];
  let writtenMs = 0;
  for (const { path, prefix } of await curveFilesOf(folder)) {
    const log = await readLog(path, signal);
    if (log === null) continue;
    logs.push({ log, prefix });
    writtenMs = Math.max(writtenMs, (await stat(path).catch(() => null))?.mtimeMs ?? 0);
  }
  const newest = logs.map(({ log }) => log.newestPointMs ?? 0);
  const columnOf = (tag: string) => {
    for (const { log, prefix } of logs) {
      const column = tag.startsWith(prefix) ? log.series.get(tag.slice(prefix.length)) : undefined;
      if (column !== undefined) return column.view();
    }
    return undefined;
  };
  return {
    column: columnOf,
    trainSteps: logs.map(({ log }) => log.totalSteps).find((steps) => steps !== null) ?? null,
    newestPointMs: Math.max(...newest, 0) || writtenMs || null,
  };
}

async function readLog(path: string, signal?: AbortSignal): Promise<TrainingLog | null> {
  const handle = await open(path, 'r').catch(() => null);
  if (handle === null) return null;
  try {
    const log = createTrainingLog(path);
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES);
      if (bytesRead === 0) break;
      log.push(buffer.subarray(0, bytesRead));
    }
    log.end();
    return log;
  } finally {
    await handle.close();
  }
}
