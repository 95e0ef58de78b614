// Where each line of an annotations.jsonl stands, so that a page of a million lines is read without reading the million: bytes
// are looked at once, later only what was appended. Knows lines and offsets, nothing of judgements.
import type { FileHandle } from 'node:fs/promises';
import type { ResultChoice } from '../../api/judges.ts';
import { type JudgementLine, parseJudgementLine } from '../../lib/judges/judgement-line.ts';
import { ratingClass } from '../../lib/statistics/classification.ts';
import { aggregateRating, ratingSpread } from '../../lib/statistics/ratings.ts';
import { openRegularFile } from '../files/open-regular-file.ts';

/** 18 bytes a line: a million lines take 18 MB. Pages of more judgements than this are rarely turned at the same time. */
const MAX_INDEXED = 4;
const CHUNK_BYTES = 1_048_576;
/** What stands before the end that was indexed: when it is different, the file is another one. */
const MARK_BYTES = 256;
/** A generation is a few kB; what is longer than this is not a line of ours and is passed over. */
const MAX_LINE_BYTES = 16_777_216;

const INVALID = 1;
const CONTESTED = 2;
const NO_SCORE = -1;

/** Whether a line is of a choice, from what the index keeps of it. */
function testOf(only: ResultChoice): ((flags: number, score: number) => boolean) | null {
  switch (only) {
    case 'all':
      return null;
    case 'invalid':
      return (flags) => (flags & INVALID) !== 0;
    case 'contested':
      return (flags) => (flags & CONTESTED) !== 0;
    case 'no-score':
      return (_, score) => score === NO_SCORE;
    default: {
      const wanted = Number(only.slice('score-'.length));
      return (_, score) => score === wanted;
    }
  }
}

export interface LinePage {
  /** Lines that are of this choice. */
  readonly total: number;
  readonly lines: readonly JudgementLine[];
}

export interface LineIndexes {
  page(
    path: string,
    wanted: { readonly only: ResultChoice; readonly first: number; readonly limit: number },
  ): Promise<LinePage>;
  /** The first line of the document; null when it has none. */
  find(path: string, document: string): Promise<JudgementLine | null>;
  /** The newest ones, newest first. */
  last(path: string, count: number): Promise<readonly JudgementLine[]>;
}

/** A file that is missing has no lines. A line without its end is still being written and counts as not there. */
export function createLineIndexes(): LineIndexes {
  const indexes = new Map<string, Promise<LineIndex>>();

  const withLines = async <T>(
    path: string,
    none: T,
    read: (index: LineIndex, file: FileHandle) => Promise<T>,
  ) => {
    const opened = await openRegularFile(path, 'Choose an annotations.jsonl').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    });
    if (opened === null) return none;
    const file = opened.handle;
    try {
      // One after the other: two readers of one file would index the same bytes twice.
      const before = indexes.get(path);
      const fresh = Promise.resolve(before)
        .catch(() => undefined)
        .then((index) => upToDate(index ?? null, file));
      indexes.delete(path);
      indexes.set(path, fresh);
      for (const oldest of [...indexes.keys()].slice(0, -MAX_INDEXED)) indexes.delete(oldest);
      fresh.catch(() => indexes.delete(path));
      return await read(await fresh, file);
    } finally {
      await file.close();
    }
  };

  return {
    page: (path, { only, first, limit }) =>
      withLines(path, { total: 0, lines: [] }, async (index, file) => {
        const places = index.placesOf(only, first, limit);
        return { total: index.countOf(only), lines: await linesAt(index, file, places) };
      }),
    find: (path, document) =>
      withLines<JudgementLine | null>(path, null, async (index, file) => {
        for (const place of index.candidates(hashOf(document))) {
          const [line] = await linesAt(index, file, [place]);
          if (line?.document_id === document) return line;
        }
        return null;
      }),
    last: (path, count) =>
      withLines<readonly JudgementLine[]>(path, [], async (index, file) => {
        const first = Math.max(0, index.count - count);
        const places = index.placesOf('all', first, count);
        return [...(await linesAt(index, file, places))].reverse();
      }),
  };
}

/** Columns of numbers, one entry a line that can be read. */
class LineIndex {
  readonly inode: number;
  count = 0;
  /** Where the next look begins. */
  bytes = 0;
  mark: Buffer = Buffer.alloc(0);
  private offsets = new Float64Array(1024);
  private lengths = new Uint32Array(1024);
  private hashes = new Uint32Array(1024);
  private flags = new Uint8Array(1024);
  /** Of the scale, half up. */
  private scores = new Int8Array(1024);

  constructor(inode: number) {
    this.inode = inode;
  }

  add(offset: number, length: number, line: JudgementLine): void {
    if (this.count === this.offsets.length) this.grow();
    const flags =
      (line.document_processing_status.some((state) => state !== 'success') ? INVALID : 0) |
      // Two points apart or more.
      ((ratingSpread(line.scores) ?? 0) >= 2 ? CONTESTED : 0);
    this.offsets[this.count] = offset;
    this.lengths[this.count] = length;
    this.hashes[this.count] = hashOf(line.document_id);
    this.flags[this.count] = flags;
    const score = aggregateRating(line.scores);
    this.scores[this.count] = score === null ? NO_SCORE : ratingClass(score);
    this.count += 1;
  }

  countOf(only: ResultChoice): number {
    const isOf = testOf(only);
    if (isOf === null) return this.count;
    let found = 0;
    for (let place = 0; place < this.count; place += 1) {
      if (isOf(this.flags[place] ?? 0, this.scores[place] ?? NO_SCORE)) found += 1;
    }
    return found;
  }

  placesOf(only: ResultChoice, first: number, limit: number): readonly number[] {
    const isOf = testOf(only);
    const places: number[] = [];
    let seen = 0;
    for (let place = isOf === null ? first : 0; place < this.count && places.length < limit; place += 1) {
      if (isOf !== null && !isOf(this.flags[place] ?? 0, this.scores[place] ?? NO_SCORE)) continue;
      if (isOf === null || seen >= first) places.push(place);
      seen += 1;
    }
    return places;
  }

  *candidates(hash: number): Generator<number, void> {
    for (let place = this.hashes.indexOf(hash); place >= 0 && place < this.count; ) {
      yield place;
      place = this.hashes.indexOf(hash, place + 1);
    }
  }

  at(place: number): { readonly offset: number; readonly length: number } {
    return { offset: this.offsets[place] ?? 0, length: this.lengths[place] ?? 0 };
  }

  private grow(): void {
    const size = this.offsets.length * 2;
    const [offsets, lengths] = [new Float64Array(size), new Uint32Array(size)];
    const [hashes, flags, scores] = [new Uint32Array(size), new Uint8Array(size), new Int8Array(size)];
    offsets.set(this.offsets);
    lengths.set(this.lengths);
    hashes.set(this.hashes);
    flags.set(this.flags);
    scores.set(this.scores);
    Object.assign(this, { offsets, lengths, hashes, flags, scores });
  }
}

/** Goes on where it ended, or begins anew when the file was written anew. */
async function upToDate(known: LineIndex | null, file: FileHandle): Promise<LineIndex> {
  const { ino, size } = await file.stat();
  const isSame = known !== null && known.inode === ino && size >= known.bytes && (await hasMark(known, file));
  const index = isSame ? known : new LineIndex(ino);
  if (size === index.bytes) return index;
  let rest: Buffer = Buffer.alloc(0);
  let start = index.bytes;
  let isTooLong = false;
  for (let at = start; at < size; ) {
    const chunk = await readAt(file, at, Math.min(CHUNK_BYTES, size - at));
    if (chunk.length === 0) break;
    at += chunk.length;
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
      const line = isTooLong ? null : parseJudgementLine(bytes.toString('utf8', from, end));
      if (line !== null) index.add(start, end - from, line);
      isTooLong = false;
      start += end + 1 - from;
      from = end + 1;
    }
    rest = bytes.subarray(from);
    if (rest.length > MAX_LINE_BYTES) {
      start += rest.length;
      rest = Buffer.alloc(0);
      isTooLong = true;
    }
  }
  index.bytes = start;
  index.mark = await readAt(file, Math.max(0, start - MARK_BYTES), Math.min(MARK_BYTES, start));
  return index;
}

async function hasMark({ bytes, mark }: LineIndex, file: FileHandle): Promise<boolean> {
  return mark.equals(await readAt(file, bytes - mark.length, mark.length));
}

async function linesAt(
  index: LineIndex,
  file: FileHandle,
  places: readonly number[],
): Promise<readonly JudgementLine[]> {
  const lines: JudgementLine[] = [];
  for (const place of places) {
    const { offset, length } = index.at(place);
    const line = parseJudgementLine((await readAt(file, offset, length)).toString('utf8'));
    if (line !== null) lines.push(line);
  }
  return lines;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** FNV-1a over UTF-16 units. 0 stands for no line, so that empty places of a column match nothing. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0 || 1;
}
