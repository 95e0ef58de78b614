// Reads decimal numbers out of the middle of a line without cutting it up: of half a million log lines most of the time went into
// pieces of text that were thrown away at once. The value is the one Number() gives, to the last bit.

/** 10^0 … 10^22: exact as doubles, so one multiplication or division by them rounds once. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** A whole number of so many digits is exact as a double. */
const EXACT_DIGITS = 15;
const LONGEST_EXPONENT = 4;

/** Decimal exponents of the letters that Nanotron puts behind numbers. */
const suffixes = new Map(
  Object.entries({ K: 3, M: 6, B: 9, G: 9, T: 12, P: 15, E: 18 }).map(
    ([letter, exponent]) => [letter.charCodeAt(0), exponent] as const,
  ),
);

export interface NumberCursor {
  /** Where the last number ended; −1 when there was none. */
  readonly end: number;
  /** The number that begins at `from`: sign, digits, fraction, exponent. */
  read(text: string, from: number): number;
  /** The same with a letter behind it that stands for a power of ten: `8.79K`. */
  readScaled(text: string, from: number): number;
}

export function createNumberCursor(): NumberCursor {
  let end = -1;
  const none = (): number => {
    end = -1;
    return Number.NaN;
  };
  const read = (text: string, from: number, isScaled: boolean): number => {
    let at = from;
    let code = text.charCodeAt(at);
    const isNegative = code === 0x2d;
    if (isNegative) {
      at += 1;
      code = text.charCodeAt(at);
    }
    let mantissa = 0;
    let digits = 0;
    let exponent = 0;
    const firstDigit = at;
    while (code >= 0x30 && code <= 0x39) {
      mantissa = mantissa * 10 + (code - 0x30);
      if (mantissa !== 0) digits += 1;
      at += 1;
      code = text.charCodeAt(at);
    }
    if (at === firstDigit) return none();
    if (code === 0x2e) {
      at += 1;
      const firstOfFraction = at;
      code = text.charCodeAt(at);
      while (code >= 0x30 && code <= 0x39) {
        mantissa = mantissa * 10 + (code - 0x30);
        if (mantissa !== 0) digits += 1;
        at += 1;
        code = text.charCodeAt(at);
      }
      if (at === firstOfFraction) return none();
      exponent = firstOfFraction - at;
    }
    if (code === 0x65 || (code === 0x45 && !isScaled)) {
      at += 1;
      code = text.charCodeAt(at);
      const isSmall = code === 0x2d;
      if (isSmall || code === 0x2b) {
        at += 1;
        code = text.charCodeAt(at);
      }
      const first = at;
      let written = 0;
      while (code >= 0x30 && code <= 0x39) {
        written = written * 10 + (code - 0x30);
        at += 1;
        code = text.charCodeAt(at);
      }
      if (at === first || at - first > LONGEST_EXPONENT) return none();
      exponent += isSmall ? -written : written;
    } else if (isScaled) {
      const scale = suffixes.get(code);
      if (scale !== undefined) {
        at += 1;
        exponent += scale;
        if (digits > EXACT_DIGITS || exponent > 22) return none();
      }
    }
    end = at;
    if (digits > EXACT_DIGITS || exponent > 22 || exponent < -22) return Number(text.slice(from, at));
    const size =
      exponent < 0 ? mantissa / (POWERS[-exponent] as number) : mantissa * (POWERS[exponent] as number);
    return isNegative ? -size : size;
  };
  return {
    get end() {
      return end;
    },
    read: (text, from) => read(text, from, false),
    readScaled: (text, from) => read(text, from, true),
  };
}
