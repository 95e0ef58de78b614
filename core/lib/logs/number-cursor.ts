// Reads decimal numbers out of the bytes of a line without making text of it: of half a million log lines most of the time went into
// pieces of text that were thrown away at once. The value is the one Number() gives, to the last bit.

/** 10^0 … 10^22: exact as doubles, so one multiplication or division by them rounds once. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** A whole number of so many digits is exact as a double; the first of them as a small integer, which adds up quickest. */
const EXACT_DIGITS = 15;
const QUICK_DIGITS = 9;
const LONGEST_EXPONENT = 4;

/** Longer ones are none here: whoever reads the line otherwise may have patience with them. */
const LONGEST_NUMBER = 400;

/** So many more digits are added in two parts; what is longer still is left to Number(). */
const MORE_DIGITS = 4;

/** The decimal exponent of a letter that Nanotron puts behind numbers; 0 for any other character. */
function exponentOf(code: number): number {
  switch (code) {
    case 0x4b: // K
      return 3;
    case 0x4d: // M
      return 6;
    case 0x42: // B
    case 0x47: // G
      return 9;
    case 0x54: // T
      return 12;
    case 0x50: // P
      return 15;
    case 0x45: // E
      return 18;
    default:
      return 0;
  }
}

export interface NumberCursor {
  /** Where the last number ended; −1 when there was none. */
  readonly end: number;
  /**
   * The number that begins at `from`: sign, digits, fraction, exponent. Behind it, somewhere, stands a byte that belongs to no number:
   * the end of the line.
   */
  read(bytes: Uint8Array, from: number): number;
  /** The same with a letter behind it that stands for a power of ten: `8.79K`. */
  readScaled(bytes: Uint8Array, from: number): number;
}

export function createNumberCursor(): NumberCursor {
  let end = -1;
  const none = (): number => {
    end = -1;
    return Number.NaN;
  };
  const read = (bytes: Uint8Array, from: number, isScaled: boolean): number => {
    let at = from;
    let code = bytes[at] as number;
    const isNegative = code === 0x2d;
    if (isNegative) {
      at += 1;
      code = bytes[at] as number;
    }
    // The first 15 digits that count, in two parts, those after them, and how many there are in all.
    let first = 0;
    let second = 0;
    let more = 0;
    let digits = 0;
    let exponent = 0;
    const firstDigit = at;
    let firstOfFraction = -1;
    for (; ; at += 1, code = bytes[at] as number) {
      const digit = code - 0x30;
      if (digit >= 0 && digit <= 9) {
        if (digits < QUICK_DIGITS) first = (first * 10 + digit) | 0;
        else if (digits < EXACT_DIGITS) second = (second * 10 + digit) | 0;
        else if (digits < EXACT_DIGITS + MORE_DIGITS) more = (more * 10 + digit) | 0;
        if (first !== 0) digits += 1;
      } else if (code === 0x2e && firstOfFraction < 0 && at > firstDigit) firstOfFraction = at + 1;
      else break;
    }
    if (at === firstDigit || at === firstOfFraction) return none();
    if (firstOfFraction >= 0) exponent = firstOfFraction - at;
    if (code === 0x65 || (code === 0x45 && !isScaled)) {
      at += 1;
      code = bytes[at] as number;
      const isSmall = code === 0x2d;
      if (isSmall || code === 0x2b) {
        at += 1;
        code = bytes[at] as number;
      }
      const begin = at;
      let written = 0;
      while (code >= 0x30 && code <= 0x39) {
        if (at - begin < LONGEST_EXPONENT) written = written * 10 + (code - 0x30);
        at += 1;
        code = bytes[at] as number;
      }
      if (at === begin || at - begin > LONGEST_EXPONENT) return none();
      exponent += isSmall ? -written : written;
    } else if (isScaled) {
      const scale = exponentOf(code);
      if (scale > 0) {
        at += 1;
        exponent += scale;
        if (digits > EXACT_DIGITS || exponent > 22) return none();
      }
    }
    if (at - from > LONGEST_NUMBER) return none();
    end = at;
    const mantissa =
      digits <= QUICK_DIGITS
        ? first
        : first * (POWERS[Math.min(digits, EXACT_DIGITS) - QUICK_DIGITS] as number) + second;
    const size =
      exponent > 22 || exponent < -22
        ? Number.NaN
        : digits > EXACT_DIGITS
          ? ofManyDigits(mantissa, more, digits - EXACT_DIGITS, exponent)
          : exponent < 0
            ? mantissa / (POWERS[-exponent] as number)
            : mantissa * (POWERS[exponent] as number);
    if (size !== size) return Number(String.fromCharCode(...bytes.subarray(from, at)));
    return isNegative ? -size : size;
  };
  return {
    get end() {
      return end;
    },
    read: (bytes, from) => read(bytes, from, false),
    readScaled: (bytes, from) => read(bytes, from, true),
  };
}

/** Cuts a double in two halves of 26 bits, whose products are exact. */
const SPLITTER = 2 ** 27 + 1;
/** Share of the second part that its own rounding may have cost, with room to spare. */
const DOUBT = 2 ** -40;

/**
 * (first · 10^count + more) · 10^exponent in twice the precision of a double, rounded once; NaN where that is not certain, or not worth
 * its trouble. T. J. Dekker, A floating-point technique for extending the available precision, 1971.
 */
function ofManyDigits(first: number, more: number, count: number, exponent: number): number {
  if (count > MORE_DIGITS || exponent >= 0) return Number.NaN;
  const power = POWERS[count] as number;
  const product = first * power;
  const whole = product + more;
  const rest = errorOfProduct(first, power, product) + (more - (whole - product));
  const divisor = POWERS[-exponent] as number;
  const quotient = whole / divisor;
  const back = quotient * divisor;
  const missing = (whole - back - errorOfProduct(quotient, divisor, back) + rest) / divisor;
  const doubt = Math.abs(missing) * DOUBT;
  const least = quotient + (missing - doubt);
  return least === quotient + (missing + doubt) ? least : Number.NaN;
}

/** What `product`, the rounded a · b, lacks of the exact one. */
function errorOfProduct(a: number, b: number, product: number): number {
  const aScaled = a * SPLITTER;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = b * SPLITTER;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}
