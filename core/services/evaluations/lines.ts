// Lines of files with answers as text, one after another: such a file may be larger than the memory.
import { byteLines } from './byte-lines.ts';

/** Lines that are not empty, with their number from 1; text null for one that is too long. */
export async function* linesOf(
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly line: number; readonly text: string | null }> {
  for await (const { line, bytes } of byteLines(path, signal)) {
    const text = bytes?.toString('utf8') ?? null;
    if (text === null || text.trim() !== '') yield { line, text };
  }
}
