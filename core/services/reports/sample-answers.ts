// Answers of a run's newest model to the prompt suites of the workspace: a sample spread over all of them, with their files.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportAnswer } from '../../lib/reports/facts.ts';
import { messagesOf } from '../../lib/suites/suite.ts';
import { readResults, RESULTS_FOLDER } from '../suites/result-files.ts';
import { readSuiteFile, suiteNames } from '../suites/suite-files.ts';

/** A page or two. */
const SHOWN = 12;
const MAX_CHARACTERS = 1200;

export interface SampledAnswers {
  readonly answers: readonly ReportAnswer[];
  readonly all: number;
  /** Of the workspace. */
  readonly files: readonly string[];
}

export async function sampleAnswers(
  root: string,
  runId: string,
  signal?: AbortSignal,
): Promise<SampledAnswers> {
  const prefix = `checkpoints/${runId}/`;
  const answers: ReportAnswer[] = [];
  const files: string[] = [];
  let all = 0;
  const names = await suiteNames(root);
  const share = Math.max(1, Math.floor(SHOWN / Math.max(1, names.length)));
  for (const name of names) {
    signal?.throwIfAborted();
    const folder = join(root, RESULTS_FOLDER, name);
    const entries = await readdir(folder).catch(() => []);
    let newest: { readonly file: string; readonly step: number; readonly results: Answers } | null = null;
    for (const file of entries.filter((entry) => entry.endsWith('.jsonl')).sort()) {
      const results = [...(await readResults(join(folder, file))).values()].filter(({ model }) =>
        model.startsWith(prefix),
      );
      const [first] = results;
      if (first === undefined) continue;
      const step = Number(first.model.slice(prefix.length).split('/')[0]);
      if (newest === null || step > newest.step) newest = { file, step, results };
    }
    if (newest === null) continue;
    files.push(`${RESULTS_FOLDER}/${name}/${newest.file}`);
    all += newest.results.length;
    const suite = await readSuiteFile(root, name).catch(() => null);
    for (const index of spread(newest.results.length, share)) {
      const result = newest.results[index];
      if (result === undefined) continue;
      const prompt = suite?.suite?.prompts.find(({ id }) => id === result.prompt);
      const messages = prompt && suite?.suite ? messagesOf(suite.suite, prompt) : [];
      answers.push({
        suite: `${suite?.suite?.title ?? name}: ${result.prompt}`,
        model: result.model.slice(prefix.length),
        prompt: cut(messages.map(({ text }) => text).join('\n\n') || result.prompt).text,
        ...cut(result.text),
      });
    }
  }
  return { answers, all, files };
}

type Answers = readonly { readonly prompt: string; readonly text: string; readonly model: string }[];

function cut(text: string): { readonly text: string; readonly wasCut: boolean } {
  return text.length > MAX_CHARACTERS
    ? { text: text.slice(0, MAX_CHARACTERS).replace(/[\ud800-\udbff]$/, ''), wasCut: true }
    : { text, wasCut: false };
}

/** `count` places of `length`, first and last among them. */
function spread(length: number, count: number): readonly number[] {
  if (length <= count) return Array.from({ length }, (_, index) => index);
  if (count === 1) return [0];
  return Array.from({ length: count }, (_, index) => Math.round((index * (length - 1)) / (count - 1)));
}
