// Files of a person as tasks of the workspace: task files with their data as they are, rows of questions with a task file that asks them.
// All is read first, the way an evaluation reads it; what is wrong is named by line, and nothing is written before.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import type { BroughtFiles, CheckedFiles, FileProblem, TaskOfFiles } from '../../../api/task-files.ts';
import { plainName } from '../../files/plain-name.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import type { OpenEngine } from './read-rows.ts';
import { TASKS_FOLDER } from './task-files.ts';
import { type Outputs, type Reading, taskOfRows, taskOfYaml } from './task-of-file.ts';

/** A person mends some lines and tries again; the rest is counted. */
const MAX_LISTED = 100;

const TASK_FILE = /\.ya?ml$/i;

export interface BringUse {
  readonly root: string;
  readonly openEngine: OpenEngine;
  readonly signal?: AbortSignal | undefined;
}

export async function checkTaskFiles(brought: BroughtFiles, use: BringUse): Promise<CheckedFiles> {
  return (await readBrought(brought, use)).checked;
}

export async function addTaskFiles(
  brought: BroughtFiles & { readonly replace: boolean },
  use: BringUse,
): Promise<CheckedFiles> {
  const { checked, outputs } = await readBrought(brought, use);
  if (checked.tasks.length === 0) {
    const [first] = checked.problems;
    throw new StudioError('INVALID_INPUT', first?.text ?? 'None of these files makes a task', {
      hint: 'Bring rows of questions (JSONL, Parquet, CSV), or task files in lm-eval’s format with their data',
    });
  }
  const there = checked.tasks.flatMap((task) => task.there);
  if (there.length > 0 && !brought.replace) {
    throw new StudioError(
      'ALREADY_EXISTS',
      `${there.join(', ')} ${there.length === 1 ? 'is' : 'are'} there already`,
      {
        hint: 'Rename the files, or replace what is there',
      },
    );
  }
  for (const [name, content] of outputs) await writeFileAtomic(join(use.root, TASKS_FOLDER, name), content);
  return checked;
}

async function readBrought({ files }: BroughtFiles, { root, openEngine, signal }: BringUse) {
  const folder = await mkdtemp(join(tmpdir(), 'nesso-tasks-'));
  const problems: FileProblem[] = [];
  let more = 0;
  const note = (problem: FileProblem): void => {
    if (problems.length < MAX_LISTED || problem.line === null) problems.push(problem);
    else more += 1;
  };
  const outputs: Outputs = new Map();
  const reading: Reading = { root, folder, openEngine, signal, note, outputs };
  try {
    const names = new Set<string>();
    for (const { name, content, encoding } of files) {
      const plain = plainName(name);
      if (names.has(plain)) {
        note({
          file: plain,
          line: null,
          text: 'Two of the files have this name; the first counts',
          isFatal: false,
        });
        continue;
      }
      names.add(plain);
      await writeFile(join(folder, plain), encoding === 'text' ? content : Buffer.from(content, 'base64'));
    }
    const tasks: TaskOfFiles[] = [];
    const taken = new Set<string>();
    for (const name of names) {
      if (!TASK_FILE.test(name)) continue;
      taken.add(name);
      const task = await taskOfYaml(name, names, taken, reading);
      if (task !== null) tasks.push(task);
    }
    for (const name of names) {
      if (taken.has(name)) continue;
      const task = await taskOfRows(name, reading);
      if (task !== null) tasks.push(task);
    }
    return { checked: { tasks, problems, more }, outputs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
