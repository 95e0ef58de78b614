// How the window writes times and ages; counts, sizes and shares come from core/lib/format/numbers.ts, with a true minus.
import * as numbers from '../../core/lib/format/numbers.ts';
import { trueMinus } from '../../core/lib/format/signs.ts';

export { formatDiskSize, formatHours, formatMemorySize } from '../../core/lib/format/numbers.ts';
export { formatFixed, formatSigned, trueMinus } from '../../core/lib/format/signs.ts';

export const formatCount = (value: number): string => trueMinus(numbers.formatCount(value));
export const formatInteger = (value: number): string => trueMinus(numbers.formatInteger(value));
export const formatRate = (value: number): string => trueMinus(numbers.formatRate(value));
export const formatShare = (share: number): string => trueMinus(numbers.formatShare(share));

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface TimeUnit {
  readonly ms: number;
  readonly name: string;
}
const seconds: TimeUnit = { ms: SECOND, name: 's' };
const minutes: TimeUnit = { ms: MINUTE, name: 'min' };
const hours: TimeUnit = { ms: HOUR, name: 'h' };
const days: TimeUnit = { ms: DAY, name: 'd' };

/** `840 ms`, `1.2 s`, `42 s`, `3 min 20 s`, `2 h 14 min`, `16 d 3 h`. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return '–';
  const value = Math.max(0, durationMs);
  if (value < SECOND) return `${Math.round(value)} ms`;
  if (value < 10 * SECOND) return `${(value / SECOND).toFixed(1).replace('.0', '')} s`;
  if (value < MINUTE) return `${Math.floor(value / SECOND)} s`;
  if (value < HOUR) return pair(value, minutes, seconds);
  if (value < DAY) return pair(value, hours, minutes);
  return pair(value, days, hours);
}

function pair(value: number, large: TimeUnit, small: TimeUnit): string {
  const whole = Math.floor(value / large.ms);
  const rest = Math.floor((value % large.ms) / small.ms);
  return rest === 0 ? `${whole} ${large.name}` : `${whole} ${large.name} ${rest} ${small.name}`;
}

/** How long ago, in one unit: `now`, `12 s ago`, `5 min ago`, `3 h ago`, `2 d ago`. */
export function formatAge(thenMs: number, nowMs: number = Date.now()): string {
  const age = Math.max(0, nowMs - thenMs);
  if (age < 1.5 * SECOND) return 'now';
  if (age < MINUTE) return `${Math.round(age / SECOND)} s ago`;
  if (age < HOUR) return `${Math.round(age / MINUTE)} min ago`;
  if (age < 2 * DAY) return `${Math.round(age / HOUR)} h ago`;
  return `${Math.round(age / DAY)} d ago`;
}

const dateTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** `22 Nov 2026, 14:05`, in the computer's time zone. */
export function formatDateTime(ms: number): string {
  return dateTime.format(ms);
}

/** `14:05:09`. */
export function formatClock(ms: number): string {
  return clock.format(ms);
}

/** `14:05` */
export function formatTime(ms: number): string {
  return time.format(ms);
}

/** `1 run`, `3 runs`. */
export function formatQuantity(count: number, one: string, many: string = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** The last part of a path. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
