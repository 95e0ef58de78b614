// Which lines of a part of a log match. Plain text is looked for in the bytes themselves; anything else in text, a block of lines at a
// time where the pattern cannot reach from one line into the next.
import { isAscii } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { withoutEscapes } from '../../lib/log-view/ansi.ts';
import type { CompiledPattern } from '../../lib/log-view/search-pattern.ts';

export interface ScanResult {
  readonly offsets: Float64Array<ArrayBuffer>;
  readonly end: number;
  readonly lastMatches: boolean;
}

const BLOCK_BYTES = 2_097_152;
/** A line that is longer than this is looked through in parts. */
const MAX_LINE_BYTES = 33_554_432;

const NEWLINE = 0x0a;
const ESCAPE = 0x1b;

/** Looks through whole lines from `start` until `limitBytes` were read or the file ends. */
export async function scanLines(
  handle: FileHandle,
  pattern: CompiledPattern,
  range: { readonly start: number; readonly limitBytes: number },
): Promise<ScanResult> {
  const found: number[] = [];
  let block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  /** Bytes of a line whose end has not been read. */
  let kept = 0;
  let { start } = range;
  const stop = start + range.limitBytes;
  for (;;) {
    if (kept === block.length) {
      const larger = Buffer.allocUnsafeSlow(block.length * 2);
      block.copy(larger, 0, 0, kept);
      block = larger;
    }
    const { bytesRead } = await handle.read(block, kept, block.length - kept, start + kept);
    const filled = kept + bytesRead;
    if (bytesRead === 0) {
      const rest = block.subarray(0, kept);
      const lastMatches = kept > 0 && matchingLines(rest, pattern).length > 0;
      return { offsets: Float64Array.from(found), end: start, lastMatches };
    }
    const lastEnd = block.subarray(0, filled).lastIndexOf(NEWLINE);
    // A line without an end in sight: its parts count as lines.
    const whole = lastEnd >= 0 ? lastEnd + 1 : filled >= MAX_LINE_BYTES ? filled : 0;
    if (whole > 0) {
      for (const at of matchingLines(block.subarray(0, whole), pattern)) found.push(start + at);
      block.copyWithin(0, whole, filled);
      start += whole;
    }
    kept = filled - whole;
    if (start >= stop) return { offsets: Float64Array.from(found), end: start, lastMatches: false };
  }
}

/** Where the matching lines of `bytes` begin; `bytes` are whole lines. */
export function matchingLines(bytes: Buffer, pattern: CompiledPattern): readonly number[] {
  const hasEscapes = bytes.indexOf(ESCAPE) >= 0;
  if (pattern.literal !== null && !hasEscapes) return linesWithBytes(bytes, Buffer.from(pattern.literal));
  const plain = isAscii(bytes) ? bytes.toString('latin1') : bytes.toString('utf8');
  // Escapes hold no line ends, so lines keep their order.
  const text = hasEscapes ? withoutEscapes(plain) : plain;
  const starts =
    pattern.literal !== null
      ? linesWithText(text, pattern.literal)
      : pattern.spansLines
        ? linesOneByOne(text, pattern.expression)
        : linesWithPattern(text, pattern.expression);
  return text.length === bytes.length ? starts : placesInBytes(bytes, text, starts);
}

function linesWithBytes(bytes: Buffer, needle: Buffer): readonly number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(needle); at >= 0; ) {
    found.push(lineStart(bytes, at));
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0) break;
    at = bytes.indexOf(needle, end + 1);
  }
  return found;
}

/** `lastIndexOf` would look through the whole block in a foreign call; lines are short. */
function lineStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && bytes[start - 1] !== NEWLINE) start -= 1;
  return start;
}

function linesWithText(text: string, needle: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(needle); at >= 0; ) {
    found.push(text.lastIndexOf('\n', at) + 1);
    const end = text.indexOf('\n', at);
    if (end < 0) break;
    at = text.indexOf(needle, end + 1);
  }
  return found;
}

function linesWithPattern(text: string, expression: RegExp): readonly number[] {
  const found: number[] = [];
  expression.lastIndex = 0;
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    const start = match.index === 0 ? 0 : text.lastIndexOf('\n', match.index - 1) + 1;
    // After the last line end there is no line.
    if (start < text.length) found.push(start);
    const end = text.indexOf('\n', match.index);
    if (end < 0) break;
    expression.lastIndex = end + 1;
  }
  return found;
}

function linesOneByOne(text: string, expression: RegExp): readonly number[] {
  const found: number[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const stop = end < 0 ? text.length : end;
    expression.lastIndex = 0;
    if (expression.test(text.slice(start, stop))) found.push(start);
    start = stop + 1;
  }
  return found;
}

/** Places in text to places in the bytes it came from, line by line. */
function placesInBytes(bytes: Buffer, text: string, starts: readonly number[]): readonly number[] {
  const places: number[] = [];
  let inText = 0;
  let inBytes = 0;
  for (const start of starts) {
    while (inText < start) {
      inText = text.indexOf('\n', inText) + 1;
      inBytes = bytes.indexOf(NEWLINE, inBytes) + 1;
    }
    places.push(inBytes);
  }
  return places;
}

/** At most so many marks in one text: more is one mark. */
const MAX_RANGES = 500;

/** Pairs of start and end of every match. */
export function rangesIn(text: string, { expression }: CompiledPattern): number[] {
  const ranges: number[] = [];
  expression.lastIndex = 0;
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    if (match[0] === '') expression.lastIndex += 1;
    else ranges.push(match.index, match.index + match[0].length);
    if (ranges.length >= MAX_RANGES * 2) break;
  }
  return ranges;
}
