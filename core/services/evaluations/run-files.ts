// What a benchmark that was run here leaves: samples_<task>_<time>.jsonl and results_<time>.json, laid out as lm-eval's, so that other
// tools read them. Until it is done the samples lie in a part under a name that says what was asked; a run that was stopped or
// killed goes on from there.
import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChoiceRequest } from '../../lib/evaluations/choice-tasks.ts';
import { readSample } from '../../lib/evaluations/read-sample.ts';
import { makeFolder } from '../files/make-folder.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { linesOf } from './lines.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface SamplePart extends AsyncDisposable {
  /** Lines that are there already, in the order of the questions. */
  readonly done: readonly string[];
  append(lines: readonly string[]): Promise<void>;
  /** Gives the part its name for good. */
  finish(name: string): Promise<void>;
}

/** Whole lines of the questions from the first on are kept; what follows the first that is not, is asked again. */
export async function openPart(folder: string, task: string, key: string): Promise<SamplePart> {
  await makeFolder(folder);
  const path = join(folder, `.${task}-${key}.part`);
  const done: string[] = [];
  try {
    for await (const { text } of linesOf(path)) {
      if (text === null || sampleId(text) !== done.length) break;
      done.push(text);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await writeFileAtomic(path, done.map((line) => `${line}\n`).join(''));
  const file = await open(path, 'a');
  return {
    done,
    async append(lines) {
      await file.appendFile(lines.map((line) => `${line}\n`).join(''));
    },
    async finish(name) {
      await file.sync();
      await rename(path, join(folder, name));
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}

function sampleId(text: string): number | null {
  try {
    return readSample(JSON.parse(text))?.id ?? null;
  } catch {
    return null;
  }
}

export interface SampleLine {
  readonly id: number;
  readonly row: Readonly<Record<string, unknown>>;
  readonly target: string;
  readonly requests: readonly ChoiceRequest[];
  readonly replies: readonly { readonly logProbability: number; readonly isGreedy: boolean }[];
  readonly scores: Readonly<Record<string, number>>;
}

/** Likelihoods as text, as lm-eval writes them; hashes over the same bytes as there. */
export function sampleLine({ id, row, target, requests, replies, scores }: SampleLine): string {
  const pairs = replies.map(({ logProbability, isGreedy }) => [
    String(logProbability),
    isGreedy ? 'True' : 'False',
  ]);
  return JSON.stringify({
    doc_id: id,
    doc: row,
    target,
    arguments: Object.fromEntries(
      requests.map(({ context, continuation }, place) => [
        `gen_args_${place}`,
        { arg_0: context, arg_1: continuation },
      ]),
    ),
    resps: pairs.map((pair) => [pair]),
    filtered_resps: pairs,
    filter: 'none',
    metrics: Object.keys(scores),
    doc_hash: sha256(JSON.stringify(row, null, 2)),
    prompt_hash: sha256(requests[0]?.context ?? ''),
    target_hash: sha256(target),
    ...scores,
  });
}
