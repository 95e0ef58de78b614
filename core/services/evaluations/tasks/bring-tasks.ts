// Files of a person as tasks of the workspace: task files with their data as they are, rows of questions with a task file that asks them.
// All is read first, the way an evaluation reads it; what is wrong is named by line, and nothing is written before.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import type { BroughtFiles, CheckedFiles, FileProblem, TaskOfFiles } from '../../../api/task-files.ts';
import { type JsonObject, objectOf } from '../../../lib/evaluations/reading/json-values.ts';
import { ofDefinition } from '../../../lib/evaluations/tasks/defined-task.ts';
import {
  ownQuestion,
  ownRow,
  ownTaskYaml,
  questionColumns,
  taskNameOf,
} from '../../../lib/evaluations/tasks/own-questions.ts';
import { type TaskQuestion, TemplateFault } from '../../../lib/evaluations/tasks/task.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import { toStudioError } from '../../system-errors.ts';
import { linesOf } from '../lines.ts';
import { type OpenEngine, readRows } from './read-rows.ts';
import { filesOfDefinition } from './task-data.ts';
import { readTaskFile, type TaskFile, TASKS_FOLDER } from './task-files.ts';

/** A person mends some lines and tries again; the rest is counted. */
const MAX_LISTED = 100;
const MAX_EXAMPLE_CHARACTERS = 2000;

const TASK_FILE = /\.ya?ml$/i;
const ROWS_FILE = /\.(jsonl|ndjson|json|parquet|csv|tsv)$/i;

interface Row {
  readonly line: number;
  readonly value: unknown;
}

/** What will lie in evals/tasks/, by its name there. */
type Outputs = Map<string, string | Buffer>;

interface Reading {
  readonly root: string;
  /** Where the files lie aside. */
  readonly folder: string;
  readonly openEngine: OpenEngine;
  readonly signal: AbortSignal | undefined;
  readonly note: (problem: FileProblem) => void;
  readonly outputs: Outputs;
}

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

function plainName(name: string): string {
  const plain = name.split(/[\\/]/).at(-1) ?? '';
  if (plain === '' || plain.startsWith('.') || plain.includes('\0')) {
    throw new StudioError('INVALID_INPUT', `${JSON.stringify(name)} is no name of a file`, {
      hint: 'Give the file another name',
    });
  }
  return plain;
}

/** As it is, with the data files that came along. */
async function taskOfYaml(
  name: string,
  names: ReadonlySet<string>,
  taken: Set<string>,
  reading: Reading,
): Promise<TaskOfFiles | null> {
  const { folder, root, note, outputs } = reading;
  const file = await readTaskFile(join(folder, name), folder);
  for (const { line, text, isFatal } of file.problems) note({ file: name, line, text, isFatal });
  const { definition } = file;
  // Its own data are no questions of another task, also where it cannot be run.
  for (const other of namedData(await readFile(join(folder, name), 'utf8'), names)) taken.add(other);
  if (definition === null) return null;
  outputs.set(name, await readFile(join(folder, name)));
  if (definition.kind === 'group')
    return described({ name: definition.name, source: name, kind: 'group', files: [name] }, reading, null);
  const found = await filesOfDefinition(definition.data, { root, taskFile: file.path });
  const own = [name];
  for (const path of found === null ? [] : [...found.questions, ...found.examples]) {
    const data = basename(path);
    if (!path.startsWith(folder) || own.includes(data)) continue;
    own.push(data);
    outputs.set(data, await readFile(path));
  }
  if (found === null) {
    const wanted = Object.values(definition.data.files).flat();
    note({
      file: name,
      line: null,
      text:
        wanted.length === 0
          ? `Its questions are the data set ${definition.data.path}, which is not here yet`
          : `Its questions are in ${wanted.join(', ')}: bring ${wanted.length === 1 ? 'that file' : 'these files'} along`,
      isFatal: wanted.length > 0,
    });
    if (wanted.length > 0) {
      outputs.delete(name);
      return null;
    }
  }
  const questions = await questionsOf(file, found?.questions ?? [], reading);
  if (questions.faults > 0) {
    for (const one of own) outputs.delete(one);
    return null;
  }
  return described({ name: definition.name, source: name, kind: 'task', files: own }, reading, questions);
}

/** Names of files that came along and that a task file speaks of. */
function namedData(text: string, names: ReadonlySet<string>): readonly string[] {
  return [...names].filter((name) => ROWS_FILE.test(name) && text.includes(name));
}

async function questionsOf(file: TaskFile, paths: readonly string[], reading: Reading): Promise<Questions> {
  if (file.definition?.kind !== 'task') return { first: null, count: 0, leftOut: 0, faults: 0 };
  const task = ofDefinition(file.definition);
  let first: TaskQuestion | null = null;
  let [count, leftOut, faults] = [0, 0, 0];
  // A row that fails stops an evaluation: the file has to be mended.
  const note = (problem: FileProblem) => {
    faults += 1;
    reading.note({ ...problem, isFatal: true });
  };
  for (const path of paths) {
    for (const { line, value } of await rowsOf(path, { ...reading, note })) {
      try {
        const question = task.questionOf(value);
        question?.ask('');
        if (question === null) leftOut += 1;
        else {
          first ??= question;
          count += 1;
        }
      } catch (error) {
        if (!(error instanceof TemplateFault)) throw error;
        note({ file: basename(path), line, text: error.message, isFatal: true });
      }
    }
  }
  return { first, count, leftOut, faults };
}

interface Questions {
  readonly first: TaskQuestion | null;
  readonly count: number;
  readonly leftOut: number;
  /** Of rows that cannot be asked. */
  readonly faults: number;
}

/** Rows that can be asked, with a task file for them; those that cannot are named and left out. */
async function taskOfRows(source: string, reading: Reading): Promise<TaskOfFiles | null> {
  const { folder, note, outputs } = reading;
  const refuse = (text: string): null => {
    note({ file: source, line: null, text, isFatal: true });
    return null;
  };
  if (!ROWS_FILE.test(source)) return refuse('It is neither a task file nor a file of questions');
  const rows = await rowsOf(join(folder, source), reading);
  const records = rows.flatMap(({ value }): JsonObject[] => {
    const record = objectOf(value);
    return record === null ? [] : [record];
  });
  if (records.length === 0) return refuse('There is no row in it that can be read');
  const columns = questionColumns(records);
  if (columns === null) {
    const names = [...new Set(records.slice(0, 100).flatMap((row) => Object.keys(row)))];
    return refuse(
      `No column is called question and none answer, or as other data sets call them; there are ${names.slice(0, 12).join(', ')}`,
    );
  }
  const lines: string[] = [];
  let leftOut = 0;
  for (const { line, value } of rows) {
    const question = ownQuestion(value, columns);
    if (typeof question === 'string') {
      leftOut += 1;
      note({ file: source, line, text: `The row ${question}; it is left out`, isFatal: false });
    } else lines.push(`${JSON.stringify(ownRow(objectOf(value) ?? {}, question))}\n`);
  }
  if (lines.length === 0) return refuse('None of its rows is a question');
  const name = taskNameOf(source);
  const data = `${name}.jsonl`;
  const yaml = ownTaskYaml({ name, file: data, hasChoices: columns.choices !== null, source });
  outputs.set(`${name}.yaml`, yaml);
  outputs.set(data, lines.join(''));
  await writeFile(join(folder, data), lines.join(''));
  await writeFile(join(folder, `${name}.yaml`), yaml);
  const file = await readTaskFile(join(folder, `${name}.yaml`), folder);
  const questions = await questionsOf(file, [join(folder, data)], reading);
  return described({ name, source, kind: 'questions', files: [`${name}.yaml`, data] }, reading, {
    ...questions,
    leftOut,
  });
}

async function described(
  task: Pick<TaskOfFiles, 'name' | 'source' | 'kind'> & { readonly files: readonly string[] },
  { root }: Reading,
  questions: Questions | null,
): Promise<TaskOfFiles> {
  const { files, ...own } = task;
  const paths = files.map((name) => `${TASKS_FOLDER}/${name}`);
  const there: string[] = [];
  for (const path of paths) if (await stat(join(root, path)).catch(() => null)) there.push(path);
  const request = questions?.first?.ask('') ?? null;
  const target = questions?.first?.target ?? '';
  return {
    ...own,
    paths,
    there,
    questions: questions?.count ?? 0,
    leftOut: questions?.leftOut ?? 0,
    example:
      request === null
        ? null
        : {
            prompt: request.context.slice(0, MAX_EXAMPLE_CHARACTERS),
            choices: request.kind === 'choices' ? [...request.choices] : [],
            answer:
              request.kind === 'choices'
                ? (request.choices[request.gold[0] ?? -1] ?? '')
                : typeof target === 'string'
                  ? target
                  : JSON.stringify(target),
          },
  };
}

/** With the number of each line, where the file has lines; lines that are no JSON are named. */
async function rowsOf(path: string, { openEngine, signal, note }: Reading): Promise<readonly Row[]> {
  const file = basename(path);
  if (/\.(jsonl|ndjson)$/i.test(path)) {
    const rows: Row[] = [];
    for await (const { line, text } of linesOf(path, signal)) {
      try {
        if (text === null) throw new SyntaxError('too long');
        rows.push({ line, value: JSON.parse(text) as unknown });
      } catch {
        note({ file, line, text: 'It is not JSON; every line has to be one question', isFatal: false });
      }
    }
    return rows;
  }
  try {
    return (await readRows(path, openEngine, signal)).map((value, index) => ({ line: index + 1, value }));
  } catch (error) {
    signal?.throwIfAborted();
    note({ file, line: null, text: toStudioError(error).message, isFatal: true });
    return [];
  }
}
