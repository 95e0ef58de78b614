// The time at the head of a Nanotron line, as Unix ms: `12/21 01:39:51` or `12/21/2024 01:39:51`, in the time zone of the node, which
// the line does not say: taken for that of this computer.
import { textOf } from './byte-text.ts';

/** Reads the stamp of the line that begins at `start` and whose message begins at `end`; null when there is none. */
export type StampReader = (bytes: Uint8Array, start: number, end: number) => number | null;

/** Prefixes of srun and loggers stand before a stamp; a longer head has none. */
const LONGEST_HEAD = 1000;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HALF_A_YEAR = 183 * 24 * 60 * MINUTE;

/**
 * A reader for the lines of one log, in their order. Lines without a year get the newest one in which the first of them is not after
 * `newestMs` (when the file was last written); a jump back by more than half a year is New Year.
 */
export function createStampReader(newestMs: number): StampReader {
  // Lines of one log have their stamp at one place, counted from where they begin.
  let knownAt = -1;
  let year: number | null = null;
  let hour = -1;
  let hourMs = 0;
  let previousMs = Number.NEGATIVE_INFINITY;

  const msOf = (line: Uint8Array, at: number): number | null => {
    const month = twoDigits(line, at);
    const day = twoDigits(line, at + 3);
    const hasYear = line[at + 5] === SLASH;
    const clock = at + (hasYear ? 11 : 6);
    const [hours, minutes, seconds] = [
      twoDigits(line, clock),
      twoDigits(line, clock + 3),
      twoDigits(line, clock + 6),
    ];
    if (month < 1 || month > 12 || day < 1 || hours < 0 || minutes < 0 || seconds < 0) return null;
    const written = hasYear ? Number(textOf(line, at + 6, at + 10)) : null;
    const thisHour = (((written ?? 0) * 12 + month) * 31 + day) * 24 + hours;
    if (thisHour !== hour) {
      const start = (inYear: number) => new Date(inYear, month - 1, day, hours).getTime();
      if (written === null && year === null) {
        year = new Date(newestMs).getFullYear();
        if (start(year) > newestMs) year -= 1;
      } else if (written === null && year !== null && start(year) < previousMs - HALF_A_YEAR) year += 1;
      hourMs = start(written ?? year ?? 0);
      hour = thisHour;
    }
    previousMs = hourMs + minutes * MINUTE + seconds * SECOND;
    return previousMs;
  };

  return (bytes, start, end) => {
    if (knownAt >= 0 && isStamp(bytes, start + knownAt)) return msOf(bytes, start + knownAt);
    const head = bytes.subarray(start, Math.min(end, start + LONGEST_HEAD));
    const found = latin1(head).search(/\d\d\/\d\d(?:\/\d{4})? \d\d:\d\d:\d\d/);
    if (found < 0) return null;
    knownAt = found;
    return msOf(bytes, start + found);
  };
}

/** A character a byte, so that places in it are places in the bytes. */
function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

const SLASH = 0x2f;
const COLON = 0x3a;

function isStamp(line: Uint8Array, at: number): boolean {
  if (line[at + 2] !== SLASH) return false;
  const clock = at + (line[at + 5] === SLASH ? 11 : 6);
  return line[clock + 2] === COLON && line[clock + 5] === COLON;
}

/** −1 for anything but two digits. */
function twoDigits(line: Uint8Array, at: number): number {
  const tens = (line[at] as number) - 0x30;
  const ones = (line[at + 1] as number) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}
