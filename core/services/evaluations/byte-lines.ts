// Lines of a file with where they stand in it, so that one can be read again alone. Holds one line at a time.
import { openRegularFile } from '../files/open-regular-file.ts';

/** A question with its prompt and choices is a few kilobytes, at 32k tokens of context 0.5 MB. */
export const MAX_LINE_BYTES = 16_777_216;

export interface ByteLine {
  /** From 1, empty lines counted. */
  readonly line: number;
  /** Of the file, bytes. */
  readonly offset: number;
  readonly length: number;
  /** Without the line break; null for a line that is too long. */
  readonly bytes: Buffer | null;
  /** False for a last line without a line break: it may still be being written. */
  readonly isEnded: boolean;
}

const NEWLINE = 0x0a;

export async function* byteLines(path: string, signal?: AbortSignal): AsyncGenerator<ByteLine> {
  signal?.throwIfAborted();
  await using file = await openRegularFile(path, 'Choose a file with answers');
  const stream = file.handle.createReadStream({
    highWaterMark: 1 << 20,
    autoClose: false,
  });
  let rest: Buffer[] = [];
  let restLength = 0;
  let line = 0;
  let lineStart = 0;
  const take = (end: Buffer, isEnded: boolean): ByteLine => {
    line += 1;
    const length = restLength + end.length;
    const isWhole = length <= MAX_LINE_BYTES;
    const bytes = isWhole ? (rest.length === 0 ? end : Buffer.concat([...rest, end], length)) : null;
    const taken = { line, offset: lineStart, length, bytes, isEnded };
    rest = [];
    restLength = 0;
    lineStart += length + 1;
    return taken;
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield take(chunk.subarray(start, end), true);
      start = end + 1;
    }
    restLength += chunk.length - start;
    if (restLength <= MAX_LINE_BYTES) rest.push(chunk.subarray(start));
    else rest = [];
  }
  if (restLength > 0) yield take(Buffer.alloc(0), false);
}
