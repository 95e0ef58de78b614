// Arrow IPC files and streams into Parquet, in a process of their own; what goes wrong there in words.
import type { ChildProcess } from 'node:child_process';
import { basename } from 'node:path';
import type { DatasetInfo } from '../../../api/dataset-shape.ts';
import { StudioError } from '../../../api/errors.ts';
import { ArrowFailure, convertArrow } from '../../../../native/arrow/client.ts';
import type { DetectedFile } from '../detect.ts';

export interface ArrowImport {
  readonly rowGroupRows: number;
  readonly spawnArrow?: (() => ChildProcess) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Throws StudioError. No line of it can be broken: a batch is whole or the file is damaged. */
export async function importArrow(
  path: string,
  { sizeBytes }: DetectedFile,
  target: string,
  { rowGroupRows, spawnArrow, signal, onProgress }: ArrowImport,
): Promise<DatasetInfo['brokenLines']> {
  if (!spawnArrow) {
    throw new StudioError('UNAVAILABLE', `${basename(path)} is an Arrow file, which cannot be read here`, {
      hint: 'Open it in the studio, or save it as Parquet',
      path,
    });
  }
  try {
    await convertArrow(
      { path, target, rowGroupRows },
      { spawn: spawnArrow, signal, onProgress: (doneBytes) => onProgress?.(doneBytes / sizeBytes) },
    );
    return { count: 0, first: [] };
  } catch (error) {
    throw error instanceof ArrowFailure ? explain(error, path) : error;
  }
}

function explain(failure: ArrowFailure, path: string): StudioError {
  const name = basename(path);
  const context = { path, detail: failure.message, cause: failure };
  switch (failure.reason) {
    case 'cancelled':
      return new StudioError('CANCELLED', `Reading ${name} was cancelled`, {
        hint: 'Open it again if it is still wanted',
        ...context,
      });
    case 'large':
      return new StudioError('TOO_LARGE', `${name} cannot be read: ${lowerFirst(failure.message)}`, {
        hint: 'Write it again in batches of some thousand rows, or as Parquet',
        ...context,
      });
    case 'full':
      return new StudioError('DISK_FULL', `There is no space left to index ${name}`, {
        hint: 'Free some space and try again',
        ...context,
      });
    case 'died':
      return new StudioError('RUNTIME_DIED', `The process that reads Arrow ended while reading ${name}`, {
        hint: 'Try again. If it happens again, the file may need more memory than there is',
        ...context,
      });
    case 'damaged':
    case 'other':
      return new StudioError('CORRUPT_FILE', `${name} is damaged: a part of it cannot be read`, {
        hint: 'Copy or download the file again and compare its size with the original',
        ...context,
      });
  }
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
