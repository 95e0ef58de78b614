// Reads the numbers of Nanotron's text log: "8.79K", "480B", "7.92G" (older versions), "4.37e-05", "nan", "infE".

const exponentBySuffix: Readonly<Record<string, string>> = {
  K: 'e3',
  M: 'e6',
  B: 'e9',
  G: 'e9',
  T: 'e12',
  P: 'e15',
  E: 'e18',
};

/** The number, NaN and infinities included; undefined when the text is none. `8.79K` is exactly 8790. */
export function parseHumanNumber(text: string): number | undefined {
  const exponent = exponentBySuffix[text.charAt(text.length - 1)];
  const digits = exponent === undefined ? text : text.slice(0, -1);
  if (isPlain(digits)) {
    const exact = exponent === undefined || digits.includes('e') ? digits : digits + exponent;
    const number = Number(exact);
    if (Number.isNaN(number)) return undefined;
    return exact === digits && exponent !== undefined ? number * Number(`1${exponent}`) : number;
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

/** Only digits, signs, dots and `e`: what Number() then accepts is a decimal number, never hex or white space. */
function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isDigit && code !== 0x2e && code !== 0x2d && code !== 0x2b && code !== 0x65) return false;
  }
  return text !== '';
}
