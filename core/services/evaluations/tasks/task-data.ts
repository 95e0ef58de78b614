// Rows of a task: from files that are named, from a data set's folder below evals/data/, or from where a task file says.
import { readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import type { BenchmarkData } from '../../../lib/evaluations/tasks/benchmarks.ts';
import { filesOfSplit } from '../../../lib/evaluations/tasks/data-files.ts';
import type { DataOfTask } from '../../../lib/evaluations/tasks/define-data.ts';
import { type OpenEngine, readRows } from './read-rows.ts';

/** Copies of data sets as they lie on the hub: evals/data/<owner>/<name>/. */
export const DATA_FOLDER = 'evals/data';
/** All of MMLU has 57 parts of three files. */
const MAX_FILES = 20_000;

export interface TaskFiles {
  /** Absolute. */
  readonly questions: readonly string[];
  readonly examples: readonly string[];
}

/** Null where none are there. */
export async function filesOfBenchmark(root: string, data: BenchmarkData): Promise<TaskFiles | null> {
  for (const folder of foldersOf(root, data.repository)) {
    const paths = await filesIn(folder);
    const questions = filesOfSplit(paths, { config: data.config, split: data.questions });
    if (questions.length === 0) continue;
    const examples =
      data.examples === null ? [] : filesOfSplit(paths, { config: data.config, split: data.examples });
    const absolute = (path: string) => join(folder, path);
    return { questions: questions.map(absolute), examples: examples.map(absolute) };
  }
  return null;
}

/** The data set’s own name, and its owner before it, as folders or as one. */
function foldersOf(root: string, repository: string): readonly string[] {
  const [owner = '', name = ''] = repository.split('/');
  return [`${owner}/${name}`, `${owner}__${name}`, name].map((one) => join(root, DATA_FOLDER, one));
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .slice(0, MAX_FILES)
    .filter((entry) => entry.isFile() && !/(^|[\\/])\./.test(relative(folder, entry.parentPath)))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

/** Formats by the names that lm-eval’s loaders have. */
const LOCAL = new Set(['json', 'parquet', 'csv', 'text', 'arrow']);

/** Files of a task file: as it names them, beside it or in the workspace; else the data set's folder. */
export async function filesOfDefinition(
  data: DataOfTask,
  place: { readonly root: string | null; readonly taskFile: string },
): Promise<TaskFiles | null> {
  const { testSplit, exampleSplit } = data;
  if (testSplit === null) return null;
  if (!LOCAL.has(data.path) || Object.keys(data.files).length === 0) {
    if (place.root === null) return null;
    return filesOfBenchmark(place.root, {
      repository: data.path,
      config: data.name,
      questions: testSplit,
      examples: exampleSplit,
    });
  }
  const found = async (split: string | null) => {
    const paths: string[] = [];
    for (const path of split === null ? [] : (data.files[split] ?? [])) {
      const own = await locate(path, place);
      if (own === null) return null;
      paths.push(own);
    }
    return paths;
  };
  const questions = await found(testSplit);
  const examples = await found(exampleSplit);
  return questions === null || questions.length === 0 ? null : { questions, examples: examples ?? [] };
}

async function locate(
  path: string,
  { root, taskFile }: { readonly root: string | null; readonly taskFile: string },
): Promise<string | null> {
  const folders = [dirname(taskFile), ...(root === null ? [] : [root, join(root, DATA_FOLDER)])];
  for (const one of isAbsolute(path) ? [path] : folders.map((folder) => join(folder, path))) {
    const isFile = await stat(one).then(
      (info) => info.isFile(),
      () => false,
    );
    if (isFile) return one;
  }
  return null;
}

export async function readAllRows(
  paths: readonly string[],
  openEngine: OpenEngine,
  signal?: AbortSignal,
): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  for (const path of paths) rows.push(...(await readRows(path, openEngine, signal)));
  return rows;
}

export function noData(task: string, data: Pick<BenchmarkData, 'repository' | 'config'>): StudioError {
  const part = data.config === null ? '' : `, part ${data.config}`;
  return new StudioError('NOT_FOUND', `The questions of ${task} are not here`, {
    hint: `Download the data set ${data.repository}${part} with Get data, or copy it to ${DATA_FOLDER}/${data.repository}/, or name a file of its questions`,
  });
}
