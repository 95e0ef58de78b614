// Lines of files with answers, one after another: such a file may be larger than the memory.
import { openRegularFile } from '../files/open-regular-file.ts';

/** A question with its prompt and choices is a few kilobytes, at 32k tokens of context 0.5 MB. */
const MAX_LINE_CHARACTERS = 16_000_000;

/** Lines that are not empty, with their number from 1; text null for one that is too long. */
export async function* linesOf(
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly line: number; readonly text: string | null }> {
  signal?.throwIfAborted();
  await using file = await openRegularFile(path, 'Choose a file with answers');
  const stream = file.handle.createReadStream({
    encoding: 'utf8',
    highWaterMark: 1 << 20,
    autoClose: false,
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
    signal?.throwIfAborted();
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
