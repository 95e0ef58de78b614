// The score of each question out of samples_*.jsonl, line by line: such a file may be larger than the memory.
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readSample, samplesFileName, type ScoredQuestion } from '../../lib/evaluations/read-sample.ts';
import type { ReadingProblem } from '../../lib/evaluations/result.ts';
import { linesOf } from './lines.ts';
import type { FoundResult } from './read-files.ts';

export interface ScoresOfFile {
  readonly questions: readonly ScoredQuestion[];
  readonly problems: readonly ReadingProblem[];
}

/** Null where the answers were not kept beside the results. */
export async function findAnswers({ file, task }: FoundResult): Promise<string | null> {
  const name = samplesFileName(task, basename(file));
  if (name === null) return null;
  const path = join(dirname(file), name);
  return stat(path).then(
    (info) => (info.isFile() ? path : null),
    () => null,
  );
}

export async function readScores(
  path: string,
  { metric, filter }: Pick<FoundResult, 'metric' | 'filter'>,
  signal?: AbortSignal,
): Promise<ScoresOfFile> {
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
