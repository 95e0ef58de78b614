// Task files in lm-eval's format: those that come with the studio and those of the workspace, with what they include.
import { readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { defineTask, type DefinedTask } from '../../../lib/evaluations/tasks/define-task.ts';
import {
  MAX_TASK_BYTES,
  mergedFields,
  taskFields,
  type TaskFields,
  type TaskProblem,
} from '../../../lib/evaluations/tasks/task-fields.ts';
import { readTextFile } from '../../files/read-text.ts';

export const TASKS_FOLDER = 'evals/tasks';
export const SHIPPED_TASKS = 'resources/tasks';

/** Tasks include others in a line, seldom more than two deep. */
const MAX_INCLUDES = 16;
const MAX_TASK_FILES = 2000;

export interface TaskFile extends DefinedTask {
  /** Absolute. */
  readonly path: string;
  /** In its folder, with slashes. */
  readonly shown: string;
}

/** Files below a folder that say `task` or `group`; what others include and define nothing themselves is none. */
export async function taskFilesIn(folder: string, signal?: AbortSignal): Promise<readonly TaskFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const found: TaskFile[] = [];
  for (const entry of entries.slice(0, MAX_TASK_FILES)) {
    if (!entry.isFile() || !/\.ya?ml$/i.test(entry.name) || entry.name.startsWith('_')) continue;
    signal?.throwIfAborted();
    found.push(await readTaskFile(join(entry.parentPath, entry.name), folder));
  }
  return found.toSorted((a, b) => a.shown.localeCompare(b.shown));
}

export async function readTaskFile(path: string, folder: string): Promise<TaskFile> {
  const shown = relative(folder, path).replaceAll('\\', '/');
  const problems: TaskProblem[] = [];
  const fields = await fieldsOf({ path, folder, problems, depth: 0 });
  if (fields === null) return { path, shown, definition: null, problems };
  const defined = defineTask(fields, shown);
  const all = [...problems, ...defined.problems];
  return {
    path,
    shown,
    definition: all.some(({ isFatal }) => isFatal) ? null : defined.definition,
    problems: all,
  };
}

interface Reading {
  readonly path: string;
  readonly folder: string;
  readonly problems: TaskProblem[];
  readonly depth: number;
}

async function fieldsOf({ path, folder, problems, depth }: Reading): Promise<TaskFields | null> {
  const shown = relative(folder, path).replaceAll('\\', '/');
  const refuse = (text: string): null => {
    problems.push({ path: shown, line: null, text, isFatal: true });
    return null;
  };
  let text: string;
  try {
    ({ text } = await readTextFile(path, MAX_TASK_BYTES));
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  const read = taskFields(text, shown);
  problems.push(...read.problems);
  if (read.problems.length > 0) return null;
  let fields: TaskFields = new Map();
  for (const include of read.includes) {
    if (depth >= MAX_INCLUDES) return refuse('It includes too many files, or itself');
    const other = resolve(dirname(path), include);
    if (!other.startsWith(folder + sep))
      return refuse(`It includes ${include}, which lies outside its folder`);
    const included = await fieldsOf({ path: other, folder, problems, depth: depth + 1 });
    if (included === null) return null;
    fields = mergedFields(fields, included);
  }
  return mergedFields(fields, read.fields);
}
