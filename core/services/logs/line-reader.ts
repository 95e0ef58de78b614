// Lines of a file from some place on, whatever their length: of a very long one its beginning and its end. Reads ahead in blocks,
// keeps one block. Knows bytes, not text.
import type { FileHandle } from 'node:fs/promises';

export interface RawLine {
  readonly offset: number;
  /** Without its end. */
  readonly sizeBytes: number;
  /** The whole line, or the beginning of a long one. Valid until the next line is asked for. */
  readonly head: Uint8Array;
  /** The end of a line that is longer than `head`; empty otherwise. */
  readonly tail: Uint8Array;
  /** Carriage returns in a line that is longer than `head`. */
  readonly returns: number;
  /** Its end is written. */
  readonly isEnded: boolean;
}

export interface LineReader {
  /** Null at the end of the file. */
  next(): Promise<RawLine | null>;
  /** Passes over a line; quicker than reading it. False at the end of the file. */
  skip(): Promise<boolean>;
  /** Where the next line begins. */
  readonly offset: number;
}

const BLOCK_BYTES = 262_144;
/** Of a longer line this much is kept at its beginning and at its end. */
export const KEPT_BYTES = 65_536;

export function createLineReader(handle: FileHandle, start: number): LineReader {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  let blockOffset = start;
  let filled = 0;
  let pos = 0;

  const fill = async (): Promise<boolean> => {
    blockOffset += filled;
    pos = 0;
    ({ bytesRead: filled } = await handle.read(block, 0, BLOCK_BYTES, blockOffset));
    return filled > 0;
  };
  /** A line that goes on beyond the block. */
  const nextLong = async (): Promise<RawLine> => {
    const offset = blockOffset + pos;
    const head = Buffer.allocUnsafe(KEPT_BYTES);
    const tail = Buffer.alloc(KEPT_BYTES);
    let headSize = 0;
    let size = 0;
    let returns = 0;
    let isEnded = false;
    while (!isEnded) {
      if (pos >= filled && !(await fill())) break;
      const found = block.subarray(0, filled).indexOf(0x0a, pos);
      const part = block.subarray(pos, found < 0 ? filled : found);
      headSize += part.copy(head, headSize, 0, KEPT_BYTES - headSize);
      const last = part.subarray(Math.max(0, part.length - KEPT_BYTES));
      tail.copyWithin(0, last.length);
      last.copy(tail, KEPT_BYTES - last.length);
      for (let at = part.indexOf(0x0d); at >= 0; at = part.indexOf(0x0d, at + 1)) returns += 1;
      size += part.length;
      isEnded = found >= 0;
      pos = found < 0 ? filled : found + 1;
    }
    const isWhole = size <= KEPT_BYTES;
    return {
      offset,
      sizeBytes: size,
      head: head.subarray(0, headSize),
      tail: isWhole ? tail.subarray(0, 0) : tail,
      returns: isWhole ? 0 : returns,
      isEnded,
    };
  };

  return {
    get offset() {
      return blockOffset + pos;
    },
    async next() {
      if (pos >= filled && !(await fill())) return null;
      const found = block.subarray(0, filled).indexOf(0x0a, pos);
      if (found < 0 || found - pos > KEPT_BYTES) return nextLong();
      const head = block.subarray(pos, found);
      const offset = blockOffset + pos;
      pos = found + 1;
      return { offset, sizeBytes: head.length, head, tail: head.subarray(0, 0), returns: 0, isEnded: true };
    },
    async skip() {
      for (;;) {
        if (pos >= filled && !(await fill())) return false;
        const found = block.subarray(0, filled).indexOf(0x0a, pos);
        pos = found < 0 ? filled : found + 1;
        if (found >= 0) return true;
      }
    },
  };
}
