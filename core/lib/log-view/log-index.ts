// What is known of a whole log after reading it once: where its lines begin, which repeat, which tell of trouble. Bytes go in as
// they come; memory is bounded whatever the size of the file. Knows nothing about files.
import { parseAnsi } from './ansi.ts';
import { createCheckpoints, type Checkpoints } from './checkpoints.ts';
import { createFoldRuns, type FoldedRun } from './fold-runs.ts';
import { createFoldTable, type FoldTable } from './fold-table.ts';
import {
  HASHED_BYTES,
  hashWithoutNumbers,
  type LineBytes,
  lineBytes,
  type LineLook,
  lookAtLine,
} from './line-hash.ts';
import { lineTimeMs } from './line-facts.ts';
import { createTroubleFinder, rootTrouble, type Trouble } from './trouble.ts';

/** A line up to this size is kept whole until its end comes. */
const MAX_KEPT_LINE = 65_536;
/** Of a longer one its end is kept too: a progress bar of hours may end in a traceback. */
const KEPT_END = 2048;
/** A log with more troubles than this is one single trouble; the rest is counted. */
const MAX_TROUBLES = 5000;
const MAX_LONG_LINES = 4096;
const FIRST_TIME_LINES = 10_000;

export interface LogIndex {
  /** The next bytes of the file. The array is not kept. */
  push(bytes: Uint8Array): void;
  readonly bytes: number;
  /** A last line without an end counts. */
  readonly lines: number;
  /** Where the line begins that has no end yet; equal to `bytes` when there is none. */
  readonly lastLineOffset: number;
  readonly places: Checkpoints;
  readonly folds: FoldTable;
  readonly openFold: FoldedRun | null;
  readonly troubles: readonly Trouble[];
  readonly troubleCount: number;
  readonly rootTrouble: Trouble | null;
  /** Times the line at this offset was written over, where it is too long to be counted again. */
  updatesOf(offset: number): number | null;
  readonly firstTimeMs: number | null;
}

/** `referenceMs`: when the file was last written, for times without a year. */
export function createLogIndex(referenceMs: number): LogIndex {
  const places = createCheckpoints();
  const folds = createFoldTable();
  const runs = createFoldRuns((run) => folds.add(run));
  const troubles: Trouble[] = [];
  const longLines = new Map<number, number>();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const look: LineLook = { exact: 0, isSuspect: false, isBlank: true };
  const rest = new Uint8Array(MAX_KEPT_LINE);
  const end = new Uint8Array(KEPT_END);
  const restBytes = lineBytes(rest);
  const endBytes = lineBytes(end);
  let troubleCount = 0;
  let firstTimeMs: number | null = null;
  let bytesSeen = 0;
  let lines = 0;
  let lineOffset = 0;
  let restLength = 0;
  let restReturns = 0;
  let restSize = 0;

  const finder = createTroubleFinder((trouble) => {
    troubleCount += 1;
    if (troubles.length < MAX_TROUBLES) troubles.push(trouble);
  }, referenceMs);

  /** A complete line in [from, to) of `data`, without its end; `size` bytes in the file. */
  const addLine = (line: LineBytes, from: number, to: number, size: number): void => {
    const data = line.bytes;
    const wantsTime = places.line(lineOffset);
    lookAtLine(line, from, to, look);
    let isTrouble = false;
    if (look.isSuspect || finder.wantsEveryLine) isTrouble = finder.push(lines, textOf(data, from, to));
    // The very first time of a log is looked for further than those of places.
    if (wantsTime || (firstTimeMs === null && lines < FIRST_TIME_LINES)) {
      const atMs = lineTimeMs(textOf(data, from, Math.min(to, from + 400)), referenceMs);
      if (atMs !== null) {
        if (wantsTime) places.time(atMs);
        firstTimeMs ??= atMs;
      }
    }
    runs.push(look.isBlank ? 0 : isTrouble ? hashWithoutNumbers(line, from, to) : look.exact);
    lines += 1;
    lineOffset += size;
  };
  const textOf = (data: Uint8Array, from: number, to: number): string => {
    let last = to;
    if (data[last - 1] === 0x0d) last -= 1;
    const first = from + data.subarray(from, last).lastIndexOf(0x0d) + 1;
    return parseAnsi(decoder.decode(data.subarray(first, Math.min(last, first + HASHED_BYTES)))).text;
  };
  const keep = (part: Uint8Array): void => {
    const room = Math.min(part.length, MAX_KEPT_LINE - restLength);
    rest.set(part.subarray(0, room), restLength);
    restLength += room;
    restSize += part.length;
    for (let at = part.indexOf(0x0d); at >= 0; at = part.indexOf(0x0d, at + 1)) restReturns += 1;
    const tail = part.subarray(Math.max(0, part.length - KEPT_END));
    end.copyWithin(0, tail.length);
    end.set(tail, KEPT_END - tail.length);
  };
  const endKept = (): void => {
    const size = restSize + 1;
    if (restSize > MAX_KEPT_LINE) {
      if (restReturns > 0 && longLines.size < MAX_LONG_LINES) longLines.set(lineOffset, restReturns);
      if (restReturns > 0) addLine(endBytes, 0, KEPT_END, size);
      else addLine(restBytes, 0, HASHED_BYTES, size);
    } else addLine(restBytes, 0, restLength, size);
    restLength = 0;
    restReturns = 0;
    restSize = 0;
  };

  return {
    push(bytes) {
      let pos = 0;
      if (restSize > 0) {
        const first = bytes.indexOf(0x0a);
        keep(first < 0 ? bytes : bytes.subarray(0, first));
        bytesSeen += bytes.length;
        if (first < 0) return;
        endKept();
        pos = first + 1;
      } else bytesSeen += bytes.length;
      const block = lineBytes(bytes);
      for (let next = bytes.indexOf(0x0a, pos); next >= 0; next = bytes.indexOf(0x0a, pos)) {
        if (next - pos > MAX_KEPT_LINE) {
          keep(bytes.subarray(pos, next));
          endKept();
        } else addLine(block, pos, next, next - pos + 1);
        pos = next + 1;
      }
      if (pos < bytes.length) keep(bytes.subarray(pos));
    },
    get bytes() {
      return bytesSeen;
    },
    get lines() {
      return lines + (restSize > 0 ? 1 : 0);
    },
    get lastLineOffset() {
      return lineOffset;
    },
    places,
    folds,
    get openFold() {
      return runs.open;
    },
    get troubles() {
      return finder.pending.length === 0 ? troubles : [...troubles, ...finder.pending];
    },
    get troubleCount() {
      return troubleCount + finder.pending.length;
    },
    get rootTrouble() {
      return rootTrouble([...troubles, ...finder.pending]);
    },
    updatesOf(offset) {
      if (offset === lineOffset && restSize > MAX_KEPT_LINE) return restReturns;
      return longLines.get(offset) ?? null;
    },
    get firstTimeMs() {
      return firstTimeMs;
    },
  };
}
