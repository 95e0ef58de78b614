// Single lines of a file of answers, by where its index says they stand.
import { basename } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import type { QuestionIndex } from '../../../lib/evaluations/questions/question-index.ts';
import { type Question, readQuestion } from '../../../lib/evaluations/questions/read-question.ts';
import { openRegularFile } from '../../files/open-regular-file.ts';
import { parsedSample } from './parsed-sample.ts';

/** In the order of `rows`. Throws CONFLICT when the file is not the one that the index is of. */
export async function readQuestions(
  path: string,
  index: QuestionIndex,
  rows: readonly number[],
  signal?: AbortSignal,
): Promise<readonly Question[]> {
  if (rows.length === 0) return [];
  await using file = await openRegularFile(path, 'Choose other answers');
  const { size, mtimeMs } = file.info;
  if (size !== index.source.sizeBytes || mtimeMs !== index.source.modifiedMs) throw changed(path);
  const questions: Question[] = [];
  for (const row of rows) {
    signal?.throwIfAborted();
    const bytes = Buffer.alloc(index.lengths[row] ?? 0);
    const { bytesRead } = await file.handle.read(bytes, 0, bytes.length, index.offsets[row] ?? 0);
    const question = bytesRead === bytes.length ? readQuestion(parsedSample(bytes.toString('utf8'))) : null;
    if (question === null || question.id !== index.ids[row]) throw changed(path);
    questions.push(question);
  }
  return questions;
}

const changed = (path: string) =>
  new StudioError('CONFLICT', `${basename(path)} changed while it was read`, {
    hint: 'Try again: it is read anew',
    path,
  });

/** Read at once while a text is searched. */
const PIECE_BYTES = 4_194_304;

/**
 * Rows whose prompt, choices, answer or target hold the text, whatever its letters' case. Reads the file from its first to its last
 * sample in pieces; a line is parsed only when its bytes hold the text.
 */
export async function searchQuestions(
  path: string,
  index: QuestionIndex,
  text: string,
  signal?: AbortSignal,
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  await using file = await openRegularFile(path, 'Choose other answers');
  const { size, mtimeMs } = file.info;
  if (size !== index.source.sizeBytes || mtimeMs !== index.source.modifiedMs) throw changed(path);
  const needle = text.toLowerCase();
  // As JSON writes it, with and without escapes for what is not ASCII.
  const written = JSON.stringify(needle).slice(1, -1);
  const escaped = written.replaceAll(
    /[\u0080-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  // Letters outside of ASCII may be escaped in either case: such a line is parsed.
  const mayHold = (line: string): boolean =>
    line.includes(written) || (escaped !== written && (line.includes(escaped) || line.includes('\\u')));
  let row = 0;
  while (row < index.count) {
    signal?.throwIfAborted();
    const start = index.offsets[row] ?? 0;
    let last = row;
    const endOf = (place: number) => (index.offsets[place] ?? 0) + (index.lengths[place] ?? 0);
    while (last + 1 < index.count && endOf(last + 1) - start <= PIECE_BYTES) last += 1;
    const bytes = Buffer.alloc(endOf(last) - start);
    await file.handle.read(bytes, 0, bytes.length, start);
    for (; row <= last; row += 1) {
      const from = (index.offsets[row] ?? 0) - start;
      const line = bytes.toString('utf8', from, from + (index.lengths[row] ?? 0));
      if (!mayHold(line.toLowerCase())) continue;
      const question = readQuestion(parsedSample(line));
      if (question !== null && holds(question, needle)) found.add(row);
    }
  }
  return found;
}

function holds({ prompt, target, choices, written, extracted }: Question, needle: string): boolean {
  const texts = [prompt, target, extracted, ...choices.map(({ text }) => text), ...written];
  return texts.some((text) => text?.toLowerCase().includes(needle) === true);
}
