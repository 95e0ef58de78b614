// The 16-bit float formats that weights are stored in, read as numbers.

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
