// Bytes to lines while a file is still being written: half lines wait, \r (progress bars) ends a line too.
// Knows nothing about what is in a line.

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
 * first about whole lines, by their place in a larger text: when it says true the line is done, and was never cut out.
 */
export function createLineSplitter(
  onLine: (line: string, complete: boolean) => void,
  onPlace: (text: string, start: number, end: number) => boolean = () => false,
): LineSplitter {
  const decoder = new TextDecoder('utf-8');
  let heldBack = new Uint8Array(0);
  let rest = '';
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
  const feed = (text: string) => {
    let start = 0;
    // Only the line that was begun before is put together: a whole chunk would be copied for it, and be slower to read.
    const firstEnd = text.indexOf('\n');
    if (rest !== '' && firstEnd >= 0) {
      emitParts(rest + text.slice(0, firstEnd));
      rest = '';
      start = firstEnd + 1;
    }
    const joined = rest === '' ? text : rest + text;
    const mayPlace = !joined.includes('\r');
    for (let end = joined.indexOf('\n', start); end >= 0; end = joined.indexOf('\n', start)) {
      if (skipping || !mayPlace || !onPlace(joined, start, end)) emitParts(joined.slice(start, end));
      start = end + 1;
    }
    const lastReturn = joined.lastIndexOf('\r');
    if (lastReturn >= start) {
      emitParts(joined.slice(start, lastReturn));
      start = lastReturn + 1;
    }
    rest = joined.slice(start);
    if (rest.length > MAX_LINE_LENGTH) {
      if (!skipping) longLines += 1;
      skipping = true;
      rest = '';
    }
  };

  return {
    push(bytes) {
      const data = heldBack.length === 0 ? bytes : joinBytes(heldBack, bytes);
      const cut = data.length - openTailLength(data);
      heldBack = data.slice(cut);
      feed(decoder.decode(data.subarray(0, cut)));
    },
    end() {
      feed(decoder.decode(heldBack));
      heldBack = new Uint8Array(0);
      if (rest !== '' && !skipping) onLine(rest, false);
      rest = '';
      skipping = false;
    },
    get longLines() {
      return longLines;
    },
  };
}

/**
 * How many bytes at the end belong to a UTF-8 character that is not complete yet (0 to 3). Holding them back by hand
 * keeps the decoder out of its streaming mode: measured in Node 20, 27 MB take 20 ms instead of 40 to 50 ms.
 */
function openTailLength(data: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= data.length; back += 1) {
    const byte = data[data.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? back : 0;
    }
  }
  return 0;
}

function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
