// Answers on disk: evals/suites/<suite>/<model>.jsonl, one line an answer, appended as they come. A kill leaves at most half a
// line, which is cut off when the file is opened again.
import { readdir } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseResult, type SuiteResult } from '../../lib/suites/result.ts';
import { resolveInside } from '../files/resolve-inside.ts';

export const RESULTS_FOLDER = 'evals/suites';
const MAX_FILES = 2000;
const ENDING = '.jsonl';
/** All prompts of the largest suite with every sampler, five times over. */
const MAX_LINES = 200_000;

export function resultsFolder(root: string, suite: string): Promise<string> {
  return resolveInside(root, `${RESULTS_FOLDER}/${suite}`);
}

/** Newest answer by key. Lines that cannot be read are left out; a missing file has none. */
export async function readResults(path: string): Promise<ReadonlyMap<string, SuiteResult>> {
  const found = new Map<string, SuiteResult>();
  const input = createReadStream(path, 'utf8');
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  let count = 0;
  try {
    for await (const text of lines) {
      count += 1;
      if (count > MAX_LINES) break;
      if (text === '') continue;
      const result = parseResult(text);
      if (result !== null) found.set(result.key, result);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    lines.close();
    input.destroy();
  }
  return found;
}

/** Names of the models that have answers, without the ending. */
export async function resultKeys(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ENDING))
    .map(({ name }) => name.slice(0, -ENDING.length))
    .sort()
    .slice(0, MAX_FILES);
}

export const resultFile = (folder: string, key: string): string => join(folder, `${key}${ENDING}`);
