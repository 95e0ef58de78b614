// Results in files and folders: what lm-eval, its Portuguese fork and lighteval wrote, and pasted tables. Reads what can be read
// and names the rest; opens no file with answers.
import { basename, join } from 'node:path';
import { stat } from 'node:fs/promises';
import { StudioError } from '../../../api/errors.ts';
import { MAX_RESULT_BYTES, readResults } from '../../../lib/evaluations/reading/read-results.ts';
import { readTable } from '../../../lib/evaluations/reading/read-table.ts';
import type { EvaluationResult, MeasuredFile, ReadingProblem } from '../../../lib/evaluations/result.ts';
import { readTextFile } from '../../files/read-text.ts';
import { listFiles } from '../../workspace/list-files.ts';
import { IMPORT_FILE, type ImportRecord, readImportRecord } from './import-record.ts';

export interface FoundResult extends EvaluationResult {
  /** Absolute, for the answers beside it. */
  readonly file: string;
  /** The step it was imported for. */
  readonly run: string | null;
  readonly step: number | null;
  /** What the studio's own results say of the file that was measured. */
  readonly measured: MeasuredFile | null;
}

export interface FoundResults {
  readonly results: readonly FoundResult[];
  readonly problems: readonly ReadingProblem[];
  readonly files: number;
}

/** In folders, only what the harnesses call their results; a file that is named is read whatever its name. */
export const RESULT_FILE = /^results(_.*)?\.json$/;
export const TABLE_FILE = /^table(-.*)?\.(txt|md)$/;

/** Several files at once wait for the disk together. */
const AT_ONCE = 8;

/** Absolute files and folders. Throws NOT_FOUND for one that is not there. */
export async function readEvaluations(
  paths: readonly string[],
  options: { readonly model?: string | null; readonly signal?: AbortSignal | undefined } = {},
): Promise<FoundResults> {
  const { signal } = options;
  const files: { readonly path: string; readonly shown: string }[] = [];
  const problems: ReadingProblem[] = [];
  for (const path of paths) {
    signal?.throwIfAborted();
    const info = await stat(path).catch((error: unknown) => {
      throw new StudioError('NOT_FOUND', `${basename(path)} is not there`, {
        hint: 'Name a results file of a harness, a table as text, or a folder with results',
        path,
        cause: error,
      });
    });
    if (!info.isDirectory()) {
      files.push({ path, shown: basename(path) });
      continue;
    }
    const listing = await listFiles(path, signal);
    if (listing.truncated)
      problems.push({ path, where: '', text: 'It holds too many files to list; some were left out' });
    for (const file of listing.files) {
      const name = basename(file.path);
      if (RESULT_FILE.test(name) || TABLE_FILE.test(name))
        files.push({ path: join(path, file.path), shown: file.path });
    }
  }
  const results: FoundResult[] = [];
  for (let at = 0; at < files.length; at += AT_ONCE) {
    signal?.throwIfAborted();
    const read = await Promise.all(
      files.slice(at, at + AT_ONCE).map((file) => readResultFile(file, options.model ?? null)),
    );
    for (const one of read) {
      results.push(...one.results);
      problems.push(...one.problems);
    }
  }
  return { results, problems, files: files.length };
}

/** `shown` names it in problems; `model` is whose results these are where the file does not say. */
export async function readResultFile(
  { path, shown }: { readonly path: string; readonly shown: string },
  model: string | null,
): Promise<Omit<FoundResults, 'files'>> {
  const problem = (text: string) => ({ results: [], problems: [{ path: shown, where: '', text }] });
  let file: Awaited<ReturnType<typeof readTextFile>>;
  let record: ImportRecord | null;
  try {
    file = await readTextFile(path, MAX_RESULT_BYTES);
    record = await readImportRecord(join(path, '..', IMPORT_FILE));
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error));
  }
  const source = { path: shown, sha256: file.version };
  const given = record?.model ?? model;
  const read = /\.json$/i.test(path) ? readResults(file.text, source) : readTable(file.text, source, given);
  return {
    results: read.results.map((result) => ({
      ...result,
      ...(given === null ? {} : { model: given }),
      file: path,
      run: record?.run ?? null,
      step: record?.step ?? null,
      measured: read.measured ?? null,
    })),
    problems: [
      ...read.problems,
      ...(record === null ? [] : changedSince(record, basename(path), file.version, shown)),
    ],
  };
}

/** A copy that a person changed is no longer what was measured. */
function changedSince(
  record: ImportRecord,
  name: string,
  sha256: string,
  shown: string,
): readonly ReadingProblem[] {
  const known = record.files.find((file) => file.name === name);
  return known === undefined || known.sha256 === sha256
    ? []
    : [{ path: shown, where: '', text: 'It was changed since it was imported' }];
}

/** Where the results of a workspace lie: of its runs, and those that were imported or measured here. */
export const WORKSPACE_RESULTS = ['evals/results', 'runs'] as const;
