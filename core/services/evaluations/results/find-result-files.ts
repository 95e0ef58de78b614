// Files with results below a workspace, with what tells that one changed and the names of the answers beside it. Looks at names; opens
// no file, and of the files with answers, which may be huge and many, not even their sizes.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { samplesFileName } from '../../../lib/evaluations/reading/read-sample.ts';
import type { ReadingProblem } from '../../../lib/evaluations/result.ts';
import { ignoredFolders, pulledWeightsFolder } from '../../workspace/list-files.ts';
import { IMPORT_FILE } from './import-record.ts';
import { RESULT_FILE, TABLE_FILE, WORKSPACE_RESULTS } from './read-files.ts';

/** Harnesses nest a folder or two; outputs of jobs a few more. */
const MAX_DEPTH = 12;
/** Every checkpoint of many runs with a file a task; beyond that somebody linked another disk. */
const MAX_FILES = 20_000;
/** Folders that wait for the disk together. */
const AT_ONCE = 16;

export interface ResultFile {
  /** In the workspace. */
  readonly path: string;
  /** Another one when the file, or the record beside it, changed. */
  readonly stamp: string;
  /** Names beside it that may be answers. */
  readonly answers: ReadonlySet<string>;
}

export interface FoundFiles {
  readonly files: readonly ResultFile[];
  readonly problems: readonly ReadingProblem[];
}

/** Sorted by path. Folders that cannot be read are named. */
export async function findResultFiles(root: string, signal?: AbortSignal): Promise<FoundFiles> {
  const files: ResultFile[] = [];
  const problems: ReadingProblem[] = [];
  let waiting: string[] = [...WORKSPACE_RESULTS];
  for (let depth = 0; waiting.length > 0 && depth < MAX_DEPTH; depth += 1) {
    const next: string[] = [];
    for (let at = 0; at < waiting.length && files.length < MAX_FILES; at += AT_ONCE) {
      signal?.throwIfAborted();
      const looked = await Promise.all(waiting.slice(at, at + AT_ONCE).map((folder) => lookAt(root, folder)));
      for (const one of looked) {
        files.push(...one.files);
        problems.push(...one.problems);
        next.push(...one.folders);
      }
    }
    waiting = next;
  }
  if (waiting.length > 0)
    problems.push({
      path: waiting[0] ?? '',
      where: '',
      text: 'There are too many files; some were left out',
    });
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { files, problems };
}

interface Looked extends FoundFiles {
  readonly folders: readonly string[];
}

async function lookAt(root: string, folder: string): Promise<Looked> {
  const names: string[] = [];
  const folders: string[] = [];
  const answers = new Set<string>();
  let hasRecord = false;
  try {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const { name } = entry;
      const path = `${folder}/${name}`;
      if (entry.isDirectory()) {
        if (!ignoredFolders.has(name) && !pulledWeightsFolder.test(path)) folders.push(path);
      } else if (RESULT_FILE.test(name) || TABLE_FILE.test(name)) names.push(name);
      else if (name === IMPORT_FILE) hasRecord = true;
      else if (/^(samples_.*\.jsonl|details_.*\.parquet)$/.test(name)) answers.add(name);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problems =
      code === 'ENOENT' ? [] : [{ path: folder, where: '', text: 'The folder cannot be read' }];
    return { files: [], folders: [], problems };
  }
  if (names.length === 0) return { files: [], folders, problems: lonely(folder, names, answers) };
  const record = hasRecord ? await stampOf(join(root, folder, IMPORT_FILE)) : '-';
  const files = await Promise.all(
    names.map(async (name) => ({
      path: `${folder}/${name}`,
      stamp: `${await stampOf(join(root, folder, name))} ${record}`,
      answers,
    })),
  );
  return { files, folders, problems: lonely(folder, names, answers) };
}

/** Answers whose results are not there: of a harness that was killed, or copied by half. */
function lonely(
  folder: string,
  names: readonly string[],
  answers: ReadonlySet<string>,
): readonly ReadingProblem[] {
  const without = [...answers].filter(
    (name) =>
      name.startsWith('samples_') &&
      !names.some((file) => {
        const time = samplesFileName('', file)?.slice('samples_'.length);
        return time !== undefined && name.endsWith(time);
      }),
  );
  const [first] = without;
  if (first === undefined) return [];
  const more = without.length === 1 ? '' : ` and ${without.length - 1} more`;
  return [{ path: `${folder}/${first}`, where: '', text: `It${more} has answers without a file of results` }];
}

const stampOf = (path: string): Promise<string> =>
  stat(path).then(
    (info) => `${info.mtimeMs}:${info.size}:${info.ino}`,
    () => '-',
  );
