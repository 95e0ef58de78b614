// Records out of the two containers that trainers write: TFRecord (TensorBoard's event files) and the log format of LevelDB
// (wandb's run files). Checksums are not looked at: a torn record is at the end of the file and waits to become whole.
import { createByteQueue } from './byte-queue.ts';

/** Takes bytes as they come; hands over whole records. */
export interface RecordReader {
  push(chunk: Uint8Array): void;
  /** The file is damaged or something else: nothing more is read from it. */
  readonly isBroken: boolean;
}

/** Histograms and images are some megabytes; a longer record is a length that was read out of garbage. */
const MAX_RECORD_BYTES = 256 * 1024 * 1024;
const TF_HEADER_BYTES = 12;
const TF_FOOTER_BYTES = 4;

/**
 * u64 length, u32 checksum, data, u32 checksum; little-endian. `onRecord` is told where in `bytes` a record lies, for there are
 * millions of small ones; the bytes are valid during the call.
 */
export function createTfRecordReader(
  onRecord: (bytes: Uint8Array, start: number, end: number) => void,
): RecordReader {
  const queue = createByteQueue();
  let isBroken = false;
  return {
    get isBroken() {
      return isBroken;
    },
    push(chunk) {
      if (isBroken) return;
      queue.push(chunk);
      const { bytes } = queue;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let position = 0;
      while (position + TF_HEADER_BYTES <= bytes.length) {
        const length = view.getUint32(position, true);
        if (view.getUint32(position + 4, true) !== 0 || length > MAX_RECORD_BYTES) {
          isBroken = true;
          break;
        }
        const end = position + TF_HEADER_BYTES + length + TF_FOOTER_BYTES;
        if (end > bytes.length) break;
        onRecord(bytes, position + TF_HEADER_BYTES, end - TF_FOOTER_BYTES);
        position = end;
      }
      queue.take(position);
    },
  };
}

const BLOCK_BYTES = 32_768;
const CHUNK_HEADER_BYTES = 7;
const WANDB_MAGIC = [0x3a, 0x57, 0x26, 0x42] as const;
/** What a piece of a record is: all of it, its beginning, middle or end. */
const piece = { full: 1, first: 2, middle: 3, last: 4 } as const;

/**
 * Blocks of 32 KiB; in them pieces of u32 checksum, u16 length, u8 kind, data; what is left of a block and too short for a header
 * is padding. wandb's files begin with seven bytes of their own.
 */
export function createLevelLogReader(onRecord: (record: Uint8Array) => void): RecordReader {
  const queue = createByteQueue();
  let isBroken = false;
  let hasBegun = false;
  let parts: Uint8Array[] = [];

  const take = (kind: number, data: Uint8Array): boolean => {
    if (kind === piece.full) onRecord(data);
    else if (kind === piece.first) parts = [data.slice()];
    else if (kind === piece.middle) parts.push(data.slice());
    else if (kind === piece.last) {
      onRecord(joined([...parts, data]));
      parts = [];
    } else return false;
    return parts.reduce((sum, part) => sum + part.length, 0) <= MAX_RECORD_BYTES;
  };

  return {
    get isBroken() {
      return isBroken;
    },
    push(chunk) {
      if (isBroken) return;
      queue.push(chunk);
      if (!hasBegun) {
        if (queue.bytes.length < CHUNK_HEADER_BYTES) return;
        isBroken = WANDB_MAGIC.some((byte, index) => queue.bytes[index] !== byte);
        if (isBroken) return;
        queue.take(CHUNK_HEADER_BYTES);
        hasBegun = true;
      }
      for (;;) {
        const leftInBlock = BLOCK_BYTES - (queue.offset % BLOCK_BYTES);
        if (leftInBlock < CHUNK_HEADER_BYTES) {
          if (queue.bytes.length < leftInBlock) return;
          queue.take(leftInBlock);
          continue;
        }
        const { bytes } = queue;
        if (bytes.length < CHUNK_HEADER_BYTES) return;
        const length = (bytes[4] ?? 0) + 256 * (bytes[5] ?? 0);
        const end = CHUNK_HEADER_BYTES + length;
        if (end > leftInBlock || !isKind(bytes[6])) {
          isBroken = true;
          return;
        }
        if (bytes.length < end) return;
        if (!take(bytes[6] ?? 0, bytes.subarray(CHUNK_HEADER_BYTES, end))) {
          isBroken = true;
          return;
        }
        queue.take(end);
      }
    },
  };
}

function isKind(kind: number | undefined): boolean {
  return kind !== undefined && kind >= piece.full && kind <= piece.last;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
