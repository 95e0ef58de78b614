// One file of a person as a task: a task file in lm-eval's format as it is, or rows of questions with a task file that asks them. Reads
// and describes; what is wrong is noted by line. Writes only beside the files, where they lie aside.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FileProblem, TaskOfFiles } from '../../../api/task-files.ts';
import { type JsonObject, objectOf } from '../../../lib/evaluations/reading/json-values.ts';
import {
  ownQuestion,
  ownRow,
  ownTaskYaml,
  questionColumns,
  taskNameOf,
} from '../../../lib/evaluations/tasks/own-questions.ts';
import { questionsOf, type Questions, rowsOf } from './brought-questions.ts';
import type { OpenEngine } from './read-rows.ts';
import { filesOfDefinition } from './task-data.ts';
import { readTaskFile, TASKS_FOLDER } from './task-files.ts';

const MAX_EXAMPLE_CHARACTERS = 2000;

const ROWS_FILE = /\.(jsonl|ndjson|json|parquet|csv|tsv)$/i;

/** What will lie in evals/tasks/, by its name there. */
export type Outputs = Map<string, string | Buffer>;

export interface Reading {
  readonly root: string;
  /** Where the files lie aside. */
  readonly folder: string;
  readonly openEngine: OpenEngine;
  readonly signal: AbortSignal | undefined;
  readonly note: (problem: FileProblem) => void;
  readonly outputs: Outputs;
}

/** As it is, with the data files that came along. */
export async function taskOfYaml(
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

/** Rows that can be asked, with a task file for them; those that cannot are named and left out. */
export async function taskOfRows(source: string, reading: Reading): Promise<TaskOfFiles | null> {
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
