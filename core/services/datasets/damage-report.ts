// Which files of a dataset cannot be read, and whether the others are opened without them.
import { basename } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { DataFile, DataFiles } from './data-files.ts';

/** Names in one sentence of the notes. */
const SHOWN_FILES = 3;

/** Which files cannot be read: the first one ends the opening, unless the person chose to go on without them. */
export interface DamageReport {
  /** Runs `work` of one file. Throws what it throws, with the way out in the hint. */
  guard(file: DataFile, work: () => Promise<void>): Promise<void>;
  notes(): readonly string[];
  /** For when every file is damaged. */
  nothingLeft(path: string): unknown;
}

export function createDamageReport(found: DataFiles, skip: boolean): DamageReport {
  const skipped: string[] = [];
  let newest: unknown = null;
  return {
    async guard(file, work) {
      try {
        await work();
      } catch (error) {
        if (found.files.length === 1 || !isDamage(error)) throw error;
        if (!skip) throw withWayOut(error, file);
        skipped.push(file.name);
        newest = error;
      }
    },
    notes() {
      if (skipped.length === 0) return [];
      const names = skipped.slice(0, SHOWN_FILES).join(', ');
      const more = skipped.length > SHOWN_FILES ? ` and ${skipped.length - SHOWN_FILES} more` : '';
      const are = skipped.length === 1 ? 'is damaged and left out' : 'are damaged and left out';
      return [`${names}${more} ${are}`];
    },
    nothingLeft: (path) =>
      new StudioError('CORRUPT_FILE', `Every file of ${basename(path)} is damaged`, {
        hint: 'Copy or download the files again',
        path,
        cause: newest,
      }),
  };
}

/** What another file of the same dataset does not suffer from. */
function isDamage(error: unknown): error is StudioError {
  return error instanceof StudioError && (error.code === 'CORRUPT_FILE' || error.code === 'INVALID_INPUT');
}

function withWayOut(error: StudioError, file: DataFile): StudioError {
  return new StudioError(error.code, error.message.replace(basename(file.name), file.name), {
    ...(error.data.detail === undefined ? {} : { detail: error.data.detail }),
    path: file.path,
    hint: `${error.data.hint}. Or open the other files without it`,
    cause: error,
  });
}
