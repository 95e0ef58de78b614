// Numbers of weights as text: three digits, never more zeros than they carry, so that a column holds any of them.
import { trueMinus } from '../../../ui/format.ts';

/** `31.4`, `0.00167`, `−1.67e-4`; empty for null, `NaN` for NaN. */
export function number(value: number | null): string {
  if (value === null) return '';
  if (!Number.isFinite(value)) return trueMinus(String(value));
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude < 1e-3 || magnitude >= 1e6) return trueMinus(value.toExponential(2));
  return trueMinus(String(Number(value.toPrecision(magnitude >= 100 ? 4 : 3))));
}

/** `3.21 %`, `0.0041 %`, `0 %`. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return String(share);
  return `${number(share * 100)} %`;
}
