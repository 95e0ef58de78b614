// Reads a file of answers once, line by line, and keeps where each line stands and what it scored.
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { readQuestion } from '../../../lib/evaluations/questions/read-question.ts';
import { indexBuilder, type QuestionIndex } from '../../../lib/evaluations/questions/question-index.ts';
import type { ReadingProblem } from '../../../lib/evaluations/result.ts';
import { byteLines } from '../byte-lines.ts';
import { parsedSample } from './parsed-sample.ts';

export interface IndexProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** Told no more often than this. */
const PROGRESS_BYTES = 4_194_304;

export interface IndexReading {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined;
}

export type BuildIndex = (path: string, reading: IndexReading) => Promise<QuestionIndex>;

/** Throws errno errors of the file; lines that are no samples are named in its problems. */
export async function buildIndex(path: string, options: IndexReading = {}): Promise<QuestionIndex> {
  const { size, mtimeMs } = await stat(path);
  const builder = indexBuilder();
  const name = basename(path);
  const broken: number[] = [];
  let tooLong = 0;
  let cut: number | null = null;
  let told = 0;
  for await (const { line, offset, length, bytes, isEnded } of byteLines(path, options.signal)) {
    if (offset - told > PROGRESS_BYTES) {
      told = offset;
      options.onProgress?.({ doneBytes: offset, totalBytes: size });
    }
    if (bytes === null) {
      tooLong += 1;
      continue;
    }
    const text = bytes.toString('utf8');
    if (text.trim() === '') continue;
    const question = readQuestion(parsedSample(text));
    if (question !== null) builder.add({ offset, length }, question);
    else if (isEnded) broken.push(line);
    else cut = line;
  }
  const problem = (where: string, text: string): ReadingProblem => ({ path: name, where, text });
  const lines = (count: number) => `${count} ${count === 1 ? 'line is' : 'lines are'}`;
  return builder.finish({ sizeBytes: size, modifiedMs: mtimeMs }, [
    ...(broken.length === 0 ? [] : [problem(`line ${broken[0]}`, `${lines(broken.length)} no sample`)]),
    ...(tooLong === 0 ? [] : [problem('', `${lines(tooLong)} longer than can be read`)]),
    ...(cut === null ? [] : [problem(`line ${cut}`, 'The file ends in the middle of a line')]),
    ...(builder.count === 0 ? [problem('', 'It holds no samples')] : []),
  ]);
}
