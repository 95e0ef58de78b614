// Reads a whole log or metrics file into series, for the command line and exports. Follows nothing.
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { LogEvent } from '../../lib/logs/log-events.ts';
import { createTrainingLog } from '../../lib/logs/training-log.ts';

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
  const handle = await open(path, 'r');
  try {
    if (!(await handle.stat()).isFile()) {
      throw new StudioError('INVALID_INPUT', `${basename(path)} is not a file`, {
        hint: 'Choose a log file',
        path,
      });
    }
    const log = createTrainingLog(path);
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES);
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
  } finally {
    await handle.close();
  }
}
