// Bytes of a growing file that wait until a record of them is whole.

export interface ByteQueue {
  /** What waits, in one piece: a view, valid until the next `push` or `take`. */
  readonly bytes: Uint8Array;
  /** Bytes taken since the beginning: where `bytes` starts in the file. */
  readonly offset: number;
  push(chunk: Uint8Array): void;
  take(count: number): void;
}

export function createByteQueue(): ByteQueue {
  let bytes = new Uint8Array(0);
  let offset = 0;
  return {
    get bytes() {
      return bytes;
    },
    get offset() {
      return offset;
    },
    push(chunk) {
      // The chunk belongs to whoever reads the file, so it is copied also when nothing waits.
      const joined = new Uint8Array(bytes.length + chunk.length);
      joined.set(bytes);
      joined.set(chunk, bytes.length);
      bytes = joined;
    },
    take(count) {
      bytes = bytes.subarray(count);
      offset += count;
    },
  };
}
