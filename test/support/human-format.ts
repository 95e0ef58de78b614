// The number format of Nanotron's text log ("438M", "8.79K", "4.37e-05"), character for character.
// Knows nothing about log lines or the window's own number style.

const SUFFIXES = ['', 'K', 'M', 'B', 'T', 'P', 'E'] as const;

/** Enough digits to write any double this format meets exactly, so that ties are seen as ties. */
const EXACT_DIGITS = 100;

/** Rounds to three significant digits, ties to even, as C's printf and Python do (JavaScript rounds ties up). */
function toThreeDigits(value: number): string {
  const rounded = value.toExponential(2);
  const [digits = '', exponent = '0'] = value.toExponential(EXACT_DIGITS).split('e');
  const tail = digits.replace('-', '').slice(4);
  const isTie = tail.startsWith('5') && /^50*$/.test(tail);
  if (!isTie) return rounded;
  const kept = digits.slice(0, digits.indexOf('.') + 3);
  const lastDigitIsEven = Number(kept.at(-1)) % 2 === 0;
  return lastDigitIsEven ? `${kept}e${exponent}` : rounded;
}

/** Python's `"{:.3g}".format(value)`: three significant digits, no trailing zeros, `1e-07` below 1e-4. */
export function formatThreeSignificant(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponentText = '0'] = toThreeDigits(value).split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 3) {
    const fixed = Number(`${mantissa}e${exponent}`).toFixed(2 - exponent);
    return fixed.includes('.') ? fixed.replace(/0+$/, '').replace(/\.$/, '') : fixed;
  }
  const shortMantissa = mantissa.replace(/0+$/, '').replace(/\.$/, '');
  const sign = exponent < 0 ? '-' : '+';
  return `${shortMantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function toPlainDecimal(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return (Math.abs(value) < 1e21 ? value.toFixed(6) : `${BigInt(value)}.000000`)
    .replace(/0+$/, '')
    .replace(/\.$/, '');
}

/** Nanotron's `human_format` (src/nanotron/logging/base.py): three significant digits, then K, M, B, T, P, E. */
export function humanFormat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (Math.abs(value) < 1) return formatThreeSignificant(value);
  let scaled = Number.isFinite(value) ? Number(toThreeDigits(value)) : value;
  let size = 0;
  while (Math.abs(scaled) >= 1000 && size < SUFFIXES.length - 1) {
    scaled /= 1000;
    size += 1;
  }
  return `${toPlainDecimal(scaled)}${SUFFIXES[size] ?? ''}`;
}
