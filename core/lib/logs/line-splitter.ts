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

/** `onLine` gets each line without its end; `complete` is false only for the last line of a file without one. */
export function createLineSplitter(onLine: (line: string, complete: boolean) => void): LineSplitter {
  let decoder = new TextDecoder('utf-8');
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
    const joined = rest === '' ? text : rest + text;
    let start = 0;
    for (let end = joined.indexOf('\n'); end >= 0; end = joined.indexOf('\n', start)) {
      emitParts(joined.slice(start, end));
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
    push: (bytes) => feed(decoder.decode(bytes, { stream: true })),
    end() {
      feed(decoder.decode());
      decoder = new TextDecoder('utf-8');
      if (rest !== '' && !skipping) onLine(rest, false);
      rest = '';
      skipping = false;
    },
    get longLines() {
      return longLines;
    },
  };
}
