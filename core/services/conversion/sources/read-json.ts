// Small JSON files beside weights.
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../../api/errors.ts';

/** Tokenizers with 262k entries are the largest of them. */
const MAX_JSON_BYTES = 134_217_728;
const record = z.record(z.string(), z.unknown());

/** Null when there is no such file. Throws TOO_LARGE, CORRUPT_FILE, or errno errors. */
export function readJson(path: string): Readonly<Record<string, unknown>> | null {
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info?.isFile()) return null;
  if (info.size > MAX_JSON_BYTES) {
    throw new StudioError('TOO_LARGE', `${basename(path)} is too large`, {
      hint: 'Choose the folder of a model',
      path,
    });
  }
  try {
    return record.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw error;
    throw new StudioError('CORRUPT_FILE', `${basename(path)} is not valid JSON`, {
      hint: 'It may still be written: wait, or copy the folder again',
      path,
      cause: error,
    });
  }
}
