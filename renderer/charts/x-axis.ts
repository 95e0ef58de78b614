// What the x axis of a chart counts, where its ticks stand and how its numbers read. Pure.
import { axisTicks } from './axis-ticks.ts';
import type { Extent } from './chart-series.ts';
import { axisValue } from './number-labels.ts';
import type { XAxisKind } from './x-axis-kind.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Distances between ticks of time, seconds. */
export const TIME_STEPS: readonly number[] = [
  0.001,
  0.01,
  0.1,
  1,
  2,
  5,
  10,
  30,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  5 * DAY,
  10 * DAY,
  30 * DAY,
  90 * DAY,
  365 * DAY,
];

/** Distances between ticks of steps: there is no half step. */
export const WHOLE_STEPS: readonly number[] = Array.from({ length: 16 }, (_, power) =>
  [1, 2, 5].map((digit) => digit * 10 ** power),
).flat();

/** At most about `count` ticks inside the range. */
export function xTicks(
  kind: XAxisKind,
  range: Extent,
  logarithmic: boolean,
  count: number,
): readonly number[] {
  if (logarithmic || kind === 'tokens') return axisTicks(range, logarithmic, count);
  if (kind === 'steps') {
    const ticks = axisTicks(range, false, count);
    const whole = ticks.filter((tick) => Number.isInteger(tick));
    return whole.length > 1 ? whole : ticks;
  }
  const unit = kind === 'time' ? 1000 : 1;
  const wanted = (range.max - range.min) / unit / Math.max(1, count);
  const step = (TIME_STEPS.find((candidate) => candidate >= wanted) ?? 365 * DAY) * unit;
  // Round in the time zone of who looks: midnight, not the hour at which UTC has it.
  const shift = kind === 'time' ? new Date(range.min).getTimezoneOffset() * MINUTE * 1000 : 0;
  const ticks: number[] = [];
  for (let tick = Math.ceil((range.min - shift) / step) * step + shift; tick <= range.max; tick += step)
    ticks.push(tick);
  return ticks;
}

/** A label beside a tick; `step` is the distance to the next one in units of x. */
export function xTickLabel(kind: XAxisKind, value: number, step: number): string {
  if (kind === 'time') return clockLabel(value, step);
  return kind === 'relative' ? durationLabel(value) : axisValue(value);
}

/** The value under the cursor, in full. */
export function xReadout(kind: XAxisKind, value: number): string {
  if (kind === 'time') {
    return new Date(value).toLocaleString('en-GB', {
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }
  if (kind === 'relative') return durationLabel(value);
  return kind === 'tokens' && value >= 1e6
    ? `${(value / 1e9).toFixed(4)}B`
    : Math.round(value).toLocaleString('en-US');
}

/** "2 h 30 min", "45 s", "3 d 4 h". */
export function durationLabel(seconds: number): string {
  const sign = seconds < 0 ? '−' : '';
  const size = Math.abs(seconds);
  if (size < 1) return size === 0 ? '0' : `${sign}${Math.round(size * 1000)} ms`;
  if (size < MINUTE) return `${sign}${trimmed(size)} s`;
  const parts: readonly (readonly [number, string])[] =
    size < HOUR
      ? [
          [Math.floor(size / MINUTE), 'min'],
          [Math.round(size % MINUTE), 's'],
        ]
      : size < DAY
        ? [
            [Math.floor(size / HOUR), 'h'],
            [Math.round((size % HOUR) / MINUTE), 'min'],
          ]
        : [
            [Math.floor(size / DAY), 'd'],
            [Math.round((size % DAY) / HOUR), 'h'],
          ];
  return (
    sign +
    parts
      .filter(([count], index) => index === 0 || count > 0)
      .map(([count, unit]) => `${count} ${unit}`)
      .join(' ')
  );
}

function clockLabel(ms: number, step: number): string {
  const date = new Date(ms);
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
  if (step >= DAY * 1000 || (isMidnight && step >= MINUTE * 1000))
    return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  const withSeconds = step < MINUTE * 1000;
  return date.toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds ? { second: '2-digit' } : {}),
  });
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(3)));
}
