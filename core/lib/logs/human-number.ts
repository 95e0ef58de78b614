// Reads the numbers of Nanotron's text log: "8.79K", "480B", "7.92G" (older versions), "4.37e-05", "nan", "infE".
// Writing them is core/lib/format/human-format.ts.

const exponentBySuffix: Readonly<Record<string, string>> = {
  K: 'e3',
  M: 'e6',
  B: 'e9',
  G: 'e9',
  T: 'e12',
  P: 'e15',
  E: 'e18',
};

const plainNumber = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/;

/** The number, NaN and infinities included; undefined when the text is none. `8.79K` is exactly 8790. */
export function parseHumanNumber(text: string): number | undefined {
  const exponent = exponentBySuffix[text.charAt(text.length - 1)];
  const digits = exponent === undefined ? text : text.slice(0, -1);
  if (plainNumber.test(digits)) {
    if (exponent === undefined) return Number(digits);
    return digits.includes('e') ? Number(digits) * Number(`1${exponent}`) : Number(digits + exponent);
  }
  switch (digits) {
    case 'nan':
    case '-nan':
      return Number.NaN;
    case 'inf':
    case '+inf':
      return Number.POSITIVE_INFINITY;
    case '-inf':
      return Number.NEGATIVE_INFINITY;
    default:
      return undefined;
  }
}

/** Python's timedelta text → seconds: `0:05:12`, `1 day, 2:03:04`, `131 days, 1:45:39`; undefined otherwise. */
export function parseTimedelta(text: string): number | undefined {
  const match = /^(?:(-?\d+) days?, )?(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text);
  if (!match) return undefined;
  const [, days = '0', hours, minutes, seconds] = match;
  return Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
