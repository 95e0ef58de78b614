// All points of a run as the files have them now, for numbers that are asked for once. Follows nothing.
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunPoints } from '../../lib/derived/run-numbers.ts';
import { createTrainingLog, type TrainingLog } from '../../lib/logs/training-log.ts';

const CHUNK_BYTES = 1_048_576;

/** Metrics come before the log: they have every digit. Files that are not there have no points. */
export async function readRunPoints(folder: string, signal?: AbortSignal): Promise<RunPoints> {
  const logs: TrainingLog[] = [];
  let writtenMs = 0;
  for (const name of ['metrics.jsonl', 'log.txt']) {
    const path = join(folder, name);
    const log = await readLog(path, signal);
    if (log === null) continue;
    logs.push(log);
    writtenMs = Math.max(writtenMs, (await stat(path).catch(() => null))?.mtimeMs ?? 0);
  }
  const newest = logs.map(({ newestPointMs }) => newestPointMs ?? 0);
  return {
    column: (tag) =>
      logs
        .find((log) => log.series.has(tag))
        ?.series.get(tag)
        ?.view(),
    trainSteps: logs.map((log) => log.totalSteps).find((steps) => steps !== null) ?? null,
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
