// Reads little-endian values from the start of a file of which only a part is in memory.
// Every length is checked against the file before it is believed.
import { GgufFault, GgufNeedsMore } from './header.ts';

/** Longest text in a header. Chat templates reach 30 kB; a vocabulary token is far shorter. */
export const MAX_TEXT_BYTES = 4 * 1024 * 1024;

export class GgufCursor {
  position = 0;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly fileSizeBytes: number;
  private readonly decoder = new TextDecoder();

  constructor(bytes: Uint8Array, fileSizeBytes: number) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.fileSizeBytes = fileSizeBytes;
  }

  /** Bytes of the file after the cursor. */
  get left(): number {
    return this.fileSizeBytes - this.position;
  }

  /** Reserves `count` bytes and returns where they start. */
  take(count: number, what: string): number {
    if (count > this.left) throw new GgufFault(`The file ends in the middle of ${what}`);
    const start = this.position;
    if (start + count > this.bytes.byteLength) throw new GgufNeedsMore(start + count);
    this.position = start + count;
    return start;
  }

  uint32(what: string): number {
    return this.view.getUint32(this.take(4, what), true);
  }

  /** 64-bit unsigned as a number; more than 2^53 is a fault, never a rounded value. */
  uint64(what: string): number {
    const value = this.view.getBigUint64(this.take(8, what), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      throw new GgufFault(`The size of ${what} is impossible: ${value}`);
    return Number(value);
  }

  text(what: string, maxBytes = MAX_TEXT_BYTES): string {
    const length = this.uint64(what);
    if (length > maxBytes) throw new GgufFault(`The length of ${what} is impossible: ${length} bytes`);
    const start = this.take(length, what);
    return this.decoder.decode(this.bytes.subarray(start, start + length));
  }

  skipText(what: string): void {
    const length = this.uint64(what);
    if (length > MAX_TEXT_BYTES) throw new GgufFault(`The length of ${what} is impossible: ${length} bytes`);
    this.take(length, what);
  }

  /** A scalar of a GGUF value type (0–7, 10–12). */
  scalar(type: number, what: string): number | boolean {
    const at = this.take(scalarSizeBytes(type) ?? 0, what);
    switch (type) {
      case 0:
        return this.view.getUint8(at);
      case 1:
        return this.view.getInt8(at);
      case 2:
        return this.view.getUint16(at, true);
      case 3:
        return this.view.getInt16(at, true);
      case 4:
        return this.view.getUint32(at, true);
      case 5:
        return this.view.getInt32(at, true);
      case 6:
        return this.view.getFloat32(at, true);
      case 7:
        return this.view.getUint8(at) !== 0;
      case 10:
        return Number(this.view.getBigUint64(at, true));
      case 11:
        return Number(this.view.getBigInt64(at, true));
      case 12:
        return this.view.getFloat64(at, true);
      default:
        throw new GgufFault(`${what} has the unknown value type ${type}`);
    }
  }
}

/** Bytes of a scalar value type, or null for text (8), list (9) and the unknown. */
export function scalarSizeBytes(type: number): number | null {
  return [1, 1, 2, 2, 4, 4, 4, 1, null, null, 8, 8, 8][type] ?? null;
}
