// The score of each question out of samples_*.jsonl, line by line: such a file may be larger than the memory.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readSample, samplesFileName, type ScoredQuestion } from '../../lib/evaluations/read-sample.ts';
import type { ReadingProblem } from '../../lib/evaluations/result.ts';
import type { FoundResult } from './read-files.ts';

/** A question with its prompt and choices is a few kilobytes, at 32k tokens of context 0.5 MB. */
const MAX_LINE_CHARACTERS = 16_000_000;

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

/** Lines that are not empty, with their number from 1; text null for one that is too long. */
async function* linesOf(
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly line: number; readonly text: string | null }> {
  const stream = createReadStream(path, {
    encoding: 'utf8',
    highWaterMark: 1 << 20,
    ...(signal && { signal }),
  });
  let rest: string[] = [];
  let restLength = 0;
  let line = 0;
  const take = (end: string) => {
    line += 1;
    const tooLong = restLength + end.length > MAX_LINE_CHARACTERS;
    const text = tooLong ? null : rest.join('') + end;
    rest = [];
    restLength = 0;
    return { line, text };
  };
  for await (const chunk of stream as AsyncIterable<string>) {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
      const one = take(chunk.slice(start, end));
      if (one.text === null || one.text.trim() !== '') yield one;
      start = end + 1;
    }
    restLength += chunk.length - start;
    if (restLength <= MAX_LINE_CHARACTERS) rest.push(chunk.slice(start));
    else rest = [];
  }
  if (restLength > 0) {
    const one = take('');
    if (one.text === null || one.text.trim() !== '') yield one;
  }
}
