// Where the lines of a report's curve stand, in a box of fixed size: drawn by the page and by the studio alike. Pure.
import type { ReportChart } from './document.ts';

export const CHART_WIDTH = 880;
export const CHART_HEIGHT = 240;
const LEFT = 64;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 30;
const X_TICKS = 6;
const Y_TICKS = 5;

export interface CurveGeometry {
  /** Between the least and the greatest value of each column; empty where each column has one point. */
  readonly band: string;
  readonly line: string;
  readonly frame: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
  readonly xTicks: readonly { readonly at: number; readonly label: string }[];
  readonly yTicks: readonly { readonly at: number; readonly label: string }[];
}

/** Null where nothing can be drawn. */
export function curveGeometry({ columns }: Pick<ReportChart, 'columns'>): CurveGeometry | null {
  const [first] = columns;
  const last = columns.at(-1);
  if (first === undefined || last === undefined) return null;
  const low = Math.min(...columns.map((column) => column[1]));
  const high = Math.max(...columns.map((column) => column[2]));
  const y = rangeOf(low, high);
  const x = first[0] === last[0] ? { min: first[0] - 1, max: first[0] + 1 } : { min: first[0], max: last[0] };
  const frame = { left: LEFT, right: CHART_WIDTH - RIGHT, top: TOP, bottom: CHART_HEIGHT - BOTTOM };
  const atX = (value: number) =>
    frame.left + ((value - x.min) / (x.max - x.min)) * (frame.right - frame.left);
  const atY = (value: number) =>
    frame.bottom - ((value - y.min) / (y.max - y.min)) * (frame.bottom - frame.top);
  const point = (at: number, value: number) => `${round(atX(at))} ${round(atY(value))}`;
  const hasBand = columns.some((column) => column[1] !== column[2]);
  return {
    frame,
    band: hasBand
      ? `M${columns.map((column) => point(column[0], column[2])).join('L')}L${columns
          .toReversed()
          .map((column) => point(column[0], column[1]))
          .join('L')}Z`
      : '',
    line: `M${columns.map((column) => point(column[0], column[3])).join('L')}`,
    xTicks: ticks(x.min, x.max, X_TICKS).map((value) => ({
      at: round(atX(value)),
      label: shortNumber(value),
    })),
    yTicks: ticks(y.min, y.max, Y_TICKS).map((value) => ({
      at: round(atY(value)),
      label: shortNumber(value),
    })),
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;

function rangeOf(low: number, high: number): { readonly min: number; readonly max: number } {
  if (low === high) {
    const around = Math.abs(low) * 0.1 || 1;
    return { min: low - around, max: high + around };
  }
  const room = (high - low) * 0.04;
  // A curve of positive numbers never shows a negative one.
  return { min: low >= 0 ? Math.max(0, low - room) : low - room, max: high + room };
}

/** Round values inside the range: 1, 2, 2.5 or 5 times a power of ten apart. */
function ticks(min: number, max: number, count: number): readonly number[] {
  const rough = (max - min) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? 10 * power;
  const first = Math.ceil(min / step - 1e-9);
  const found: number[] = [];
  for (let index = first; index * step <= max + step * 1e-9 && found.length < 20; index += 1)
    found.push(Number((index * step).toPrecision(12)));
  return found;
}

/** `250k`, `3e-4`, `2.5`. */
export function shortNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 0.001) return value.toExponential(2).replace(/\.?0+e/, 'e');
  for (const [limit, suffix] of [
    [1e12, 'T'],
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const)
    if (size >= limit) return `${Number((value / limit).toPrecision(4))}${suffix}`;
  return String(Number(value.toPrecision(4)));
}
