// Reads a whole log or metrics file into series, for the command line and exports. Follows nothing.
import type { LogEvent } from '../../lib/logs/log-events.ts';
import { createTrainingLog } from '../../lib/logs/training-log.ts';
import { openRegularFile } from '../files/open-regular-file.ts';

const CHUNK_BYTES = 1_048_576;

export interface SeriesFile {
  /** Points by tag in ascending steps; values may be NaN or infinite (JSON prints those as null). */
  readonly series: Readonly<
    Record<string, { readonly step: readonly number[]; readonly value: readonly number[] }>
  >;
  /** Lines that look like metrics and could not be read, wholly or in part. */
  readonly skippedLines: number;
  readonly events: readonly LogEvent[];
  readonly totalSteps: number | null;
}

/** `path` as the operating system has it. NOT_FOUND and other errno errors; INVALID_INPUT for a folder. */
export async function readSeriesFile(path: string, signal?: AbortSignal): Promise<SeriesFile> {
  signal?.throwIfAborted();
  await using file = await openRegularFile(path, 'Choose a log file');
  const log = createTrainingLog(path);
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.handle.read(buffer, 0, CHUNK_BYTES);
    if (bytesRead === 0) break;
    log.push(buffer.subarray(0, bytesRead));
  }
  log.end();
  const series = Object.fromEntries(
    [...log.series].map(([tag, column]) => {
      const { steps, values } = column.view();
      return [tag, { step: [...steps], value: [...values] }];
    }),
  );
  return { series, skippedLines: log.skippedLines, events: log.events, totalSteps: log.totalSteps };
}
