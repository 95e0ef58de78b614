// The 16-bit float formats that weights and vectors are stored in.

const word = new DataView(new ArrayBuffer(4));

/** IEEE 754 binary16 from its bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16, which is the upper half of a float32, from its bits. */
export function brainToNumber(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}

const singles = new Float32Array(1);
const bitsOfSingles = new Uint32Array(singles.buffer);

/** The bits of the nearest IEEE 754 binary16, ties to even; beyond 65,504 infinity. */
export function toHalf(value: number): number {
  singles[0] = value;
  return halfOfBits(bitsOfSingles[0] as number);
}

/** The same from the bits of a float32. */
export function halfOfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // 65,520 and more round to infinity; below 2^-14 a half counts in steps of 2^-24.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  }
  const exponent = magnitude >>> 23;
  if (exponent < 102) return sign;
  const shift = 126 - exponent;
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const whole = fraction >>> shift;
  const rest = fraction & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (rest > half || (rest === half && (whole & 1) === 1) ? whole + 1 : whole);
}
