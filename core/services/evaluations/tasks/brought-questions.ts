// The questions in files that a person brings, read the way an evaluation reads them: rows with their lines, and what of them can be asked.
import { basename } from 'node:path';
import type { FileProblem } from '../../../api/task-files.ts';
import { ofDefinition } from '../../../lib/evaluations/tasks/defined-task.ts';
import { type TaskQuestion, TemplateFault } from '../../../lib/evaluations/tasks/task.ts';
import { toStudioError } from '../../system-errors.ts';
import { linesOf } from '../lines.ts';
import { type OpenEngine, readRows } from './read-rows.ts';
import type { TaskFile } from './task-files.ts';

interface Row {
  readonly line: number;
  readonly value: unknown;
}

interface RowReading {
  readonly openEngine: OpenEngine;
  readonly signal: AbortSignal | undefined;
  readonly note: (problem: FileProblem) => void;
}

export async function questionsOf(
  file: TaskFile,
  paths: readonly string[],
  reading: RowReading,
): Promise<Questions> {
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

export interface Questions {
  readonly first: TaskQuestion | null;
  readonly count: number;
  readonly leftOut: number;
  /** Of rows that cannot be asked. */
  readonly faults: number;
}

/** With the number of each line, where the file has lines; lines that are no JSON are named. */
export async function rowsOf(
  path: string,
  { openEngine, signal, note }: RowReading,
): Promise<readonly Row[]> {
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
