// Splits one output of the remote loop into what scripts print and the marks between. Binary safe; keeps no output back but a
// possible beginning of a mark.

export interface FrameEvents {
  /** The loop is there. `words` follow "ready". */
  onReady(words: readonly string[]): void;
  /** A view of a chunk: copy what must be kept. */
  onBytes(bytes: Uint8Array): void;
  /** A script ended. `words` follow its id: the exit code on standard output, nothing on standard error. */
  onEnd(id: number, words: readonly string[]): void;
}

export interface FrameReader {
  push(chunk: Uint8Array): void;
}

const NEWLINE = 0x0a;
/** A mark is a nonce, an id and an exit code; a longer line that starts like one is something else gone wrong. */
const MAX_MARK_BYTES = 8192;

/** Throws RangeError from `push` when a mark cannot be understood: the connection is of no use then. */
export function createFrameReader(nonce: string, events: FrameEvents): FrameReader {
  const mark = new TextEncoder().encode(`\n${nonce} `);
  let carried = new Uint8Array(0);
  let isReady = false;

  const emit = (bytes: Uint8Array): void => {
    if (isReady && bytes.length > 0) events.onBytes(bytes);
  };
  const take = (line: string): void => {
    const [first = '', ...words] = line.split(' ');
    if (first === 'ready') {
      isReady = true;
      events.onReady(words);
      return;
    }
    const id = Number(first);
    if (!isReady || !Number.isSafeInteger(id)) throw new RangeError(`A mark reads “${line.slice(0, 80)}”`);
    events.onEnd(id, words);
  };

  return {
    push(chunk) {
      let bytes = chunk;
      if (carried.length > 0) {
        bytes = new Uint8Array(carried.length + chunk.length);
        bytes.set(carried);
        bytes.set(chunk, carried.length);
        carried = new Uint8Array(0);
      }
      let start = 0;
      for (;;) {
        const found = findMark(bytes, mark, start);
        const end = found.complete ? bytes.indexOf(NEWLINE, found.at + mark.length) : -1;
        emit(bytes.subarray(start, found.at));
        if (end === -1) {
          carried = bytes.slice(found.at);
          if (carried.length > MAX_MARK_BYTES) throw new RangeError('A mark has no end');
          return;
        }
        take(new TextDecoder().decode(bytes.subarray(found.at + mark.length, end)));
        start = end + 1;
      }
    },
  };
}

/** The first whole mark from `start` on; else where a part of one begins at the end, or the end itself. */
function findMark(
  bytes: Uint8Array,
  mark: Uint8Array,
  start: number,
): { readonly at: number; readonly complete: boolean } {
  for (let at = bytes.indexOf(NEWLINE, start); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) {
    const length = Math.min(mark.length, bytes.length - at);
    let same = 1;
    while (same < length && bytes[at + same] === mark[same]) same += 1;
    if (same === length) return { at, complete: length === mark.length };
  }
  return { at: bytes.length, complete: false };
}
