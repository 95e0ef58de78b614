// Numbers of weights as text: four digits, never more zeros than they carry.

/** `31.37`, `-0.0001673`, `1.2e-7`; empty for null, `NaN` for NaN. */
export function number(value: number | null): string {
  if (value === null) return '';
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude < 1e-4 || magnitude >= 1e7) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}

/** `3.21 %`, `0.0041 %`, `0 %`. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return String(share);
  return `${number(share * 100)} %`;
}
