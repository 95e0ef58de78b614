// One look at the bytes of a line: a hash by which equal lines are found, one that leaves numbers out, and whether the line may
// tell of trouble. It runs over every byte of a log, so it reads four at a time.
import { headLength } from './line-head.ts';
import { isSuspectWord, LOWER, suspectPairs } from './suspects.ts';

/** A printed tensor or a progress bar of hours: its beginning says enough. */
export const HASHED_BYTES = 4096;

export interface LineLook {
  /** Equal for lines that differ only in the numbers of their heads (time, rank). Never 0. */
  exact: number;
  isSuspect: boolean;
  isBlank: boolean;
}

const PRIME = 0x01000193;
const WORD_PRIME = 0x9e3779b1;
const OFFSET = 0x811c9dc5 | 0;

/** Bytes with a view of the same memory. */
export interface LineBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export function lineBytes(bytes: Uint8Array): LineBytes {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/** Fills `look` (reused: this runs once a line) for the line [start, end). */
export function lookAtLine({ bytes, view }: LineBytes, start: number, end: number, look: LineLook): void {
  const stop = Math.min(end, start + HASHED_BYTES);
  const message = start + headLength(bytes, start, stop);
  let hash = OFFSET;
  let isSuspect = false;
  let isBlank = true;
  let inNumber = false;
  let word = 0;
  for (let pos = start; pos < message; pos += 1) {
    const byte = bytes[pos] as number;
    word = (word >>> 8) | ((byte | 0x20) << 24);
    if (isSuspectWord(word)) isSuspect = true;
    if (byte > 0x20) isBlank = false;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (!isDigit || !inNumber) hash = Math.imul(hash ^ (isDigit ? 0x23 : byte), PRIME);
    inNumber = isDigit;
  }
  let pos = message;
  for (; pos + 4 <= stop; pos += 4) {
    const four = view.getInt32(pos, true);
    const low = four | LOWER;
    hash = Math.imul(hash ^ four, WORD_PRIME);
    // Multiplying carries upwards only: the high bits come down again.
    hash ^= hash >>> 15;
    if (suspectPairs[low & 0xffff] !== 0 && mayBegin(view, pos, start, stop)) isSuspect = true;
    if (suspectPairs[low >>> 16] !== 0 && mayBegin(view, pos + 2, start, stop)) isSuspect = true;
    if (isBlank && four !== LOWER) isBlank = false;
  }
  for (; pos < stop; pos += 1) {
    const byte = bytes[pos] as number;
    hash = Math.imul(hash ^ byte, PRIME);
    if (byte > 0x20) isBlank = false;
  }
  // Two lines that are longer than what was looked at are the same only if they are equally long.
  if (end > stop) hash = Math.imul(hash ^ (end - start), PRIME);
  look.exact = hash === 0 ? 1 : hash;
  look.isSuspect = isSuspect || endsInPart(view, start, stop);
  look.isBlank = isBlank;
}

/** Whether a part of a word begins at `pos` or one before. */
function mayBegin(view: DataView, pos: number, start: number, stop: number): boolean {
  if (pos + 4 <= stop && isSuspectWord(view.getInt32(pos, true) | LOWER)) return true;
  return pos > start && pos + 3 <= stop && isSuspectWord(view.getInt32(pos - 1, true) | LOWER);
}

/** The last bytes are not looked at four by four. */
function endsInPart(view: DataView, start: number, stop: number): boolean {
  for (let pos = Math.max(start, stop - 6); pos + 4 <= stop; pos += 1)
    if (isSuspectWord(view.getInt32(pos, true) | LOWER)) return true;
  return false;
}

/** Equal for lines that differ only in numbers, in decimals or in hexadecimal. Never 0. */
export function hashWithoutNumbers({ bytes }: LineBytes, start: number, end: number): number {
  const stop = Math.min(end, start + HASHED_BYTES);
  let hash = OFFSET;
  let inNumber = false;
  for (let pos = start; pos < stop; pos += 1) {
    const byte = bytes[pos] as number;
    const lower = byte | 0x20;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    const goesOn: boolean = inNumber && (lower === 0x78 || byte === 0x2e || (lower >= 0x61 && lower <= 0x66));
    if (isDigit ? !inNumber : !goesOn) hash = Math.imul(hash ^ (isDigit ? 0x23 : byte), PRIME);
    inNumber = isDigit || goesOn;
  }
  return hash === 0 ? 1 : hash;
}
