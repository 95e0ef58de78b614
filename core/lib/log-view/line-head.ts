// What stands before the message of a log line: launcher prefixes, a time, a bracket with level and rank. Two lines that differ
// only in numbers of their heads say the same. Works on bytes; knows nothing about messages.

/** Prefix of srun, torchrun's tee, a time and a tag: more parts no launcher puts before a line. */
const MAX_PARTS = 5;
const MAX_BRACKET = 96;
const MAX_STAMP = 40;

/** How many bytes of the line [start, end) are head; 0 when it begins with its message. */
export function headLength(bytes: Uint8Array, start: number, end: number): number {
  let head = start;
  for (let part = 0; part < MAX_PARTS; part += 1) {
    let pos = head;
    while (pos < end && bytes[pos] === 0x20) pos += 1;
    const next = partEnd(bytes, pos, end);
    if (next === pos) break;
    head = next;
  }
  return head - start;
}

function partEnd(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] ?? 0;
  if (isDigit(first)) return stampEnd(bytes, start, end);
  if (first === 0x5b) return bracketEnd(bytes, start, end);
  // `I0401 `: level and day as glog writes them.
  const isGlog = first === 0x49 || first === 0x57 || first === 0x45 || first === 0x46;
  if (isGlog && isDigit(bytes[start + 1] ?? 0) && isDigit(bytes[start + 4] ?? 0) && bytes[start + 5] === 0x20)
    return start + 5;
  return start;
}

/** Digits and the signs of dates and times with at least one colon: `12/21 01:39:51`, `2026-04-01T12:00:00,123Z`, `7: `. */
function stampEnd(bytes: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end, start + MAX_STAMP);
  let colons = 0;
  let pos = start;
  for (; pos < limit; pos += 1) {
    const byte = bytes[pos] ?? 0;
    if (byte === 0x3a) {
      colons += 1;
      // `7: ` of srun: the blank ends it.
      if (bytes[pos + 1] === 0x20) return pos + 1;
    } else if (byte === 0x20) {
      // Between date and time.
      if (!isDigit(bytes[pos + 1] ?? 0)) break;
    } else if (!isDigit(byte) && !isStampSign(byte)) break;
  }
  return colons > 0 ? pos : start;
}

/** `[INFO|DP=0|TP=1|node]:`, `[rank3]:`, `[2026-04-01 12:00:00]`; a list of numbers is none. */
function bracketEnd(bytes: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end, start + MAX_BRACKET);
  let says = false;
  for (let pos = start + 1; pos < limit; pos += 1) {
    const byte = bytes[pos] ?? 0;
    if (byte === 0x5d) {
      if (!says) return start;
      return bytes[pos + 1] === 0x3a ? pos + 2 : pos + 1;
    }
    if ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) says = true;
    if (byte === 0x3a) says = true;
  }
  return start;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** `-` `/` `,` `.` `+` `T` `Z` */
function isStampSign(byte: number): boolean {
  return (
    byte === 0x2d ||
    byte === 0x2f ||
    byte === 0x2c ||
    byte === 0x2e ||
    byte === 0x2b ||
    byte === 0x54 ||
    byte === 0x5a
  );
}
