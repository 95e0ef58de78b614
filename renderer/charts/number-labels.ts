// Short number labels for axes and read-outs: at most a few characters, never a false zero.
import { trueMinus } from '../../core/lib/format/signs.ts';

const SUFFIXES = [
  { limit: 1e12, suffix: 'T' },
  { limit: 1e9, suffix: 'B' },
  { limit: 1e6, suffix: 'M' },
  { limit: 1e3, suffix: 'k' },
] as const;
/** Of a double, all that are certain. */
const MOST_DIGITS = 15;

/** 250000 → "250k", 0.0003 → "3e-4", 2.5 → "2.5". */
export function axisValue(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 0.001) return trueMinus(value.toExponential(3).replace(/\.?0+e/, 'e'));
  for (const { limit, suffix } of SUFFIXES) {
    if (size >= limit) return `${trimmed(value / limit, 3)}${suffix}`;
  }
  return trimmed(value, 4);
}

/** Labels of the ticks of one axis: with as many more digits as set neighbours apart. */
export function axisValues(values: readonly number[]): readonly string[] {
  const short = values.map(axisValue);
  const distinct = new Set(values).size;
  if (new Set(short).size === distinct) return short;
  for (let digits = 5; digits <= MOST_DIGITS; digits += 1) {
    const labels = values.map((value) => labelWith(value, digits));
    if (new Set(labels).size === distinct) return labels;
  }
  return values.map((value) => labelWith(value, MOST_DIGITS));
}

function labelWith(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return trueMinus(value.toExponential(digits - 1).replace(/\.?0+e/, 'e'));
  const { limit, suffix } = SUFFIXES.find((one) => size >= one.limit) ?? { limit: 1, suffix: '' };
  return `${trimmed(value / limit, digits)}${suffix}`;
}

/** A read-out with four significant digits: "2.041", "3.000e-4"; not-a-number stays visible as "nan". */
export function readout(value: number | undefined): string {
  if (value === undefined) return '–';
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '−inf';
  const size = Math.abs(value);
  if (value !== 0 && (size < 0.001 || size >= 1e6)) return trueMinus(value.toExponential(3));
  return trueMinus(value.toLocaleString('en-US', { maximumSignificantDigits: size >= 1000 ? 7 : 4 }));
}

function trimmed(value: number, digits: number): string {
  return trueMinus(String(Number(value.toPrecision(digits))));
}
