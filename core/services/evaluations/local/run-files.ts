// What a benchmark that was run here leaves: samples_<task>_<time>.jsonl and results_<time>.json, laid out as lm-eval's, so that other
// tools read them. Until it is done the samples lie in a part under a name that says what was asked; a run that was stopped or
// killed goes on from there.
import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { numberOf, objectOf } from '../../../lib/evaluations/reading/json-values.ts';
import {
  continuationsOf,
  type TaskQuestion,
  type TaskReply,
  type TaskRequest,
  type TaskVerdict,
} from '../../../lib/evaluations/tasks/task.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import { linesOf } from '../lines.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface SamplePart extends AsyncDisposable {
  /** Verdicts of the questions that are there already, in their order. */
  readonly done: readonly (readonly TaskVerdict[])[];
  /** Lines of whole questions. */
  append(lines: readonly string[]): Promise<void>;
  /** Absolute. */
  readonly path: string;
}

export interface PartOptions {
  readonly task: string;
  /** Says what was asked of whom. */
  readonly key: string;
  /** A line a question and filter, in this order. */
  readonly filters: readonly string[];
}

/** Whole questions from the first on are kept; what follows the first that is not whole is asked again. */
export async function openPart(folder: string, { task, key, filters }: PartOptions): Promise<SamplePart> {
  await makeFolder(folder);
  const path = join(folder, `.${task}-${key}.part`);
  const lines: string[] = [];
  const verdicts: TaskVerdict[] = [];
  try {
    for await (const { text } of linesOf(path)) {
      const verdict = text === null ? null : verdictOf(text, Math.floor(lines.length / filters.length));
      if (text === null || verdict === null || verdict.filter !== filters[lines.length % filters.length])
        break;
      lines.push(text);
      verdicts.push(verdict);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const whole = Math.floor(lines.length / filters.length);
  const kept = lines.slice(0, whole * filters.length);
  await writeFileAtomic(path, kept.map((line) => `${line}\n`).join(''));
  const file = await open(path, 'a');
  return {
    done: Array.from({ length: whole }, (_, index) =>
      verdicts.slice(index * filters.length, (index + 1) * filters.length),
    ),
    async append(more) {
      await file.appendFile(more.map((line) => `${line}\n`).join(''));
    },
    path,
    [Symbol.asyncDispose]: async () => {
      await file.sync();
      await file.close();
    },
  };
}

/** Gives a part its name for good. */
export async function finishPart(path: string, folder: string, name: string): Promise<void> {
  await rename(path, join(folder, name));
}

/** The verdict that a line tells; null for a line that is none, or of another question. */
function verdictOf(text: string, id: number): TaskVerdict | null {
  let line: ReturnType<typeof objectOf>;
  try {
    line = objectOf(JSON.parse(text));
  } catch {
    return null;
  }
  if (line === null || numberOf(line['doc_id']) !== id || !Array.isArray(line['metrics'])) return null;
  const values: Record<string, TaskVerdict['values'][string]> = {};
  for (const name of line['metrics'] as readonly unknown[]) {
    const value = line[String(name)];
    if (typeof value === 'number' || typeof value === 'boolean') values[String(name)] = value;
    else if (Array.isArray(value)) values[String(name)] = (value as readonly unknown[]).map(Boolean);
    else return null;
  }
  const answer = line['filtered_resps'];
  const [first] = Array.isArray(answer) ? (answer as readonly unknown[]) : [];
  return { filter: String(line['filter']), answer: typeof first === 'string' ? first : null, values };
}

export interface SampleLine {
  readonly id: number;
  readonly question: TaskQuestion;
  readonly request: TaskRequest;
  readonly reply: TaskReply;
  readonly verdict: TaskVerdict;
}

/** Likelihoods as text, as lm-eval writes them; hashes over the same bytes as there. */
export function sampleLine({ id, question, request, reply, verdict }: SampleLine): string {
  const { row, target } = question;
  const { filter, answer, values } = verdict;
  const pairs =
    reply.kind === 'likelihoods'
      ? reply.items.map(({ logProbability, isGreedy }) => [
          String(logProbability),
          isGreedy ? 'True' : 'False',
        ])
      : [];
  const sent =
    request.kind === 'writing'
      ? [{ arg_0: request.context, arg_1: request.settings }]
      : continuationsOf(request).map(({ context, continuation }) => ({
          arg_0: context,
          arg_1: continuation,
        }));
  const targetText = typeof target === 'string' ? target : JSON.stringify(target);
  return JSON.stringify({
    doc_id: id,
    doc: row,
    target,
    arguments: Object.fromEntries(sent.map((one, place) => [`gen_args_${place}`, one])),
    resps: reply.kind === 'text' ? [[reply.text]] : pairs.map((pair) => [pair]),
    filtered_resps: reply.kind === 'text' ? [answer ?? ''] : pairs,
    filter,
    metrics: Object.keys(values),
    doc_hash: sha256(JSON.stringify(row, null, 2)),
    prompt_hash: sha256(request.context),
    target_hash: sha256(targetText),
    ...values,
  });
}
