// The score of each question: out of samples_*.jsonl of lm-eval, line by line, for such a file may be larger than the memory; and out
// of the details that lighteval keeps as Parquet.
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { numberAt, numberOf, objectAt, textAt } from '../../../lib/evaluations/reading/json-values.ts';
import { taskOf } from '../../../lib/evaluations/reading/read-lighteval.ts';
import {
  readSample,
  samplesFileName,
  type ScoredQuestion,
} from '../../../lib/evaluations/reading/read-sample.ts';
import type { ReadingProblem } from '../../../lib/evaluations/result.ts';
import { linesOf } from '../lines.ts';
import type { FoundResult } from './read-files.ts';
import { type OpenEngine, readRows } from '../tasks/read-rows.ts';

export interface ScoresOfFile {
  readonly questions: readonly ScoredQuestion[];
  readonly problems: readonly ReadingProblem[];
}

/** Null where the answers were not kept beside the results. */
export async function findAnswers({ file, task, harness, shots }: FoundResult): Promise<string | null> {
  if (harness === 'lighteval') return findDetails(file, task, shots);
  const name = samplesFileName(task, basename(file));
  if (name === null) return null;
  const path = join(dirname(file), name);
  return stat(path).then(
    (info) => (info.isFile() ? path : null),
    () => null,
  );
}

/** `results/<model>/results_<time>.json` has them in `details/<model>/<time>/`; what was imported, beside it. */
async function findDetails(file: string, task: string, shots: number | null): Promise<string | null> {
  const folder = dirname(file);
  const time = /^results_(.+)\.json$/.exec(basename(file))?.[1] ?? '';
  const own = join(folder.replace(/([\\/])results(?=[\\/])(?!.*[\\/]results[\\/])/, '$1details'), time);
  for (const place of [folder, own]) {
    const names = await readdir(place).catch(() => []);
    const found = names.find((name) => detailsOf(name) === `${task} ${shots}`);
    if (found !== undefined) return join(place, found);
  }
  return null;
}

/** `details_arc|0_<time>.parquet`, with the suite before the task in older versions. */
function detailsOf(name: string): string | null {
  const [, parts] = /^details_(.+\|\d+(?:\|\d+)?)(?:_.*)?\.parquet$/.exec(name) ?? [];
  if (parts === undefined) return null;
  const { task, shots } = taskOf(parts);
  return `${task} ${shots}`;
}

/** Questions have numbers; which they are is told by what was asked. */
async function readDetails(
  path: string,
  metric: string,
  { openEngine, signal }: ScoreReading,
): Promise<ScoresOfFile> {
  const rows = openEngine === undefined ? [] : await readRows(path, openEngine, signal);
  const questions = rows.flatMap((row, index): ScoredQuestion[] => {
    const document = objectAt(row, 'doc');
    const score = numberAt(objectAt(row, 'metric') ?? objectAt(row, 'metrics'), metric);
    if (document === null || score === null) return [];
    const asked = JSON.stringify([document['query'], document['choices']]);
    return [
      {
        id: numberOf(textAt(document, 'id')) ?? index,
        documentHash: createHash('sha256').update(asked).digest('hex'),
        score,
      },
    ];
  });
  return { questions, problems: [] };
}

export interface ScoreReading {
  /** For details as Parquet; without it they are not read. */
  readonly openEngine?: OpenEngine | undefined;
  readonly signal?: AbortSignal | undefined;
}

export async function readScores(
  path: string,
  { metric, filter }: Pick<FoundResult, 'metric' | 'filter'>,
  reading: ScoreReading = {},
): Promise<ScoresOfFile> {
  const { signal } = reading;
  if (path.endsWith('.parquet')) return readDetails(path, metric, reading);
  const questions: ScoredQuestion[] = [];
  const seen = new Set<number>();
  let repeated = 0;
  const broken: number[] = [];
  const problem = (where: string, text: string) => ({ path: basename(path), where, text });
  for await (const { line, text } of linesOf(path, signal)) {
    const sample = text === null ? null : sampleOf(text);
    if (sample === null) {
      broken.push(line);
      continue;
    }
    if (sample.filter !== filter) continue;
    const score = sample.scores.get(metric);
    if (score === undefined) continue;
    if (seen.has(sample.id)) {
      repeated += 1;
      continue;
    }
    seen.add(sample.id);
    questions.push({ id: sample.id, documentHash: sample.documentHash, score });
  }
  return {
    questions,
    problems: [
      ...(broken.length === 0
        ? []
        : [
            problem(
              `line ${broken[0]}`,
              `${broken.length} ${broken.length === 1 ? 'line is' : 'lines are'} no sample`,
            ),
          ]),
      ...(repeated === 0 ? [] : [problem('', `${repeated} questions stand in it twice; the first counts`)]),
    ],
  };
}

function sampleOf(text: string): ReturnType<typeof readSample> {
  try {
    // Python writes scores that are no numbers as NaN.
    return readSample(
      JSON.parse(text.includes('NaN') ? text.replaceAll(/([:[,]\s*)NaN\b/g, '$1null') : text),
    );
  } catch {
    return null;
  }
}
