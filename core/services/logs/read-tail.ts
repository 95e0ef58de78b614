// The last lines of a file, read from its end: as quick for a long log as for a short one.
import type { LogRow } from '../../api/logs.ts';
import { openRegularFile } from '../files/open-regular-file.ts';
import { createLineReader } from './line-reader.ts';
import { rowText } from './row-text.ts';

/** Read from the end; the lines in it are shown. */
const TAIL_BYTES = 262_144;

export interface LogTail {
  readonly sizeBytes: number;
  /** The last lines, at most `count`; their numbers are known only when they begin at the start of the file. */
  readonly rows: LogRow[];
}

/** A file that is not there (yet) is an empty log. */
export async function readTail(path: string, count: number): Promise<LogTail> {
  const opened = await openRegularFile(path, 'Choose a log file').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (opened === null) return { sizeBytes: 0, rows: [] };
  await using file = opened;
  const { size } = file.info;
  const start = Math.max(0, size - TAIL_BYTES);
  const reader = createLineReader(file.handle, start);
  // The first line is only a part of one, unless it is all there is.
  if (start > 0 && !(await reader.skip()))
    return { sizeBytes: size, rows: await partOfLine(file.handle, start) };
  const rows: LogRow[] = [];
  for (let line = await reader.next(); line !== null; line = await reader.next()) {
    const { offset, sizeBytes } = line;
    rows.push({ line: start === 0 ? rows.length : null, offset, sizeBytes, ...rowText(line), repeat: null });
  }
  return { sizeBytes: size, rows: rows.slice(-count) };
}

/** A single line is longer than what is read: its end. */
async function partOfLine(handle: Parameters<typeof createLineReader>[0], start: number): Promise<LogRow[]> {
  const line = await createLineReader(handle, start).next();
  if (line === null) return [];
  const { text, updates } = rowText(line);
  return [
    { line: null, offset: line.offset, sizeBytes: line.sizeBytes, text, isCut: true, updates, repeat: null },
  ];
}
