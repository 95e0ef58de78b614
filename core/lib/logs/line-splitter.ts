// Bytes to lines while a file is still being written: half lines wait, \r (progress bars) ends a line too.
// Knows nothing about what is in a line.
import { textOf } from './byte-text.ts';

/** A log line is a few hundred characters; what is longer is binary or a printed tensor, and would only fill memory. */
export const MAX_LINE_LENGTH = 262_144;

export interface LineSplitter {
  push(bytes: Uint8Array): void;
  /** Hands over a last line that has no end; later bytes start a new line. */
  end(): void;
  /** Lines that were longer than MAX_LINE_LENGTH and therefore left out. */
  readonly longLines: number;
}

/**
 * `onLine` gets each line without its end; `complete` is false only for the last line of a file without one. `onPlace` is asked
 * first about whole lines, by the place where they begin in the bytes: when it says where the line feed behind the line stands, the
 * line is done, and was never made into text; −1 otherwise. It must not look beyond the next line feed.
 */
export function createLineSplitter(
  onLine: (line: string, complete: boolean) => void,
  onPlace: (bytes: Uint8Array, start: number) => number = () => -1,
): LineSplitter {
  let rest: Uint8Array = nothing;
  let skipping = false;
  let longLines = 0;

  const emit = (line: string) => {
    if (skipping) skipping = false;
    else if (line.length > MAX_LINE_LENGTH) longLines += 1;
    else if (line !== '') onLine(line, true);
  };
  const emitParts = (segment: string) => {
    if (!segment.includes('\r')) {
      emit(segment);
      return;
    }
    for (const part of segment.split('\r')) emit(part);
  };
  /** The lines from `from` on, the last of which ends at `last`. */
  const takeLines = (bytes: Uint8Array, from: number, last: number) => {
    let text: LineText | null = null;
    let slow = 0;
    for (let start = from; start <= last; ) {
      const quickEnd = skipping ? -1 : onPlace(bytes, start);
      if (quickEnd >= 0) {
        start = quickEnd + 1;
        text?.skip();
        continue;
      }
      const end = bytes.indexOf(LINE_FEED, start);
      slow += 1;
      if (slow === WORTH_DECODING) text = createLineText(textOf(bytes, start, last + 1));
      emitParts(text === null ? textOf(bytes, start, end) : text.next());
      start = end + 1;
    }
  };
  const keep = (bytes: Uint8Array) => {
    const lastReturn = bytes.lastIndexOf(CARRIAGE_RETURN);
    if (lastReturn >= 0) {
      emitParts(textOf(joinBytes(rest, bytes.subarray(0, lastReturn)), 0));
      rest = nothing;
    }
    rest = joinBytes(rest, bytes.subarray(lastReturn + 1));
    if (rest.length > MAX_LINE_LENGTH && textOf(rest, 0).length > MAX_LINE_LENGTH) {
      if (!skipping) longLines += 1;
      skipping = true;
      rest = nothing;
    }
  };

  return {
    push(bytes) {
      const last = bytes.lastIndexOf(LINE_FEED);
      let start = 0;
      // Only the line that was begun before is put together.
      if (rest.length > 0 && last >= 0) {
        start = bytes.indexOf(LINE_FEED) + 1;
        const line = joinBytes(rest, bytes.subarray(0, start));
        rest = nothing;
        takeLines(line, 0, line.length - 1);
      }
      takeLines(bytes, start, last);
      keep(bytes.subarray(last + 1));
    },
    end() {
      if (rest.length > 0 && !skipping) onLine(textOf(rest, 0), false);
      rest = nothing;
      skipping = false;
    },
    get longLines() {
      return longLines;
    },
  };
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const nothing = new Uint8Array(0);

/** So many lines of a piece are decoded one by one; with more, the others come of one text, which is quicker. */
const WORTH_DECODING = 8;

/** The lines of a text one after another, each of which ends with a line feed. */
interface LineText {
  next(): string;
  skip(): void;
}

function createLineText(text: string): LineText {
  let at = 0;
  const next = (): number => {
    const from = at;
    at = text.indexOf('\n', from) + 1;
    return from;
  };
  return {
    next() {
      const from = next();
      return text.slice(from, at - 1);
    },
    skip: () => void next(),
  };
}

function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
