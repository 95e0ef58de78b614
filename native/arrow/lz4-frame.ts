// LZ4 frames unpacked into a buffer of known size. Knows the format alone. Source: LZ4 frame format 1.6.x and block format; checksums
// are passed over, because a wrong length or a reference outside the frame tells of damage.
const MAGIC = 0x184d2204;
const VERSION = 1;
const MIN_MATCH = 4;
/** A length whose four bits are all set goes on in the next bytes. */
const LONG = 15;

/** Throws RangeError when the bytes are no frame, or do not unpack to `length` bytes. */
export function unpackLz4Frame(bytes: Buffer, length: number): Buffer {
  if (bytes.readUInt32LE(0) !== MAGIC) throw new RangeError('No LZ4 frame');
  const flags = bytes.readUInt8(4);
  if (flags >> 6 !== VERSION) throw new RangeError('An LZ4 frame of another version');
  const hasBlockChecksum = (flags & 0x10) !== 0;
  const hasSize = (flags & 0x08) !== 0;
  const hasDictionary = (flags & 0x01) !== 0;
  let position = 7 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0);
  const output = Buffer.allocUnsafe(length);
  let written = 0;
  for (;;) {
    const header = bytes.readUInt32LE(position);
    position += 4;
    if (header === 0) break;
    const size = header & 0x7fffffff;
    if (position + size > bytes.length) throw new RangeError('An LZ4 block ends behind its frame');
    const block = bytes.subarray(position, position + size);
    // The highest bit: stored as it is.
    written = header >>> 31 === 1 ? store(block, output, written) : unpackBlock(block, output, written);
    position += size + (hasBlockChecksum ? 4 : 0);
  }
  if (written !== length) throw new RangeError(`An LZ4 frame of ${written} bytes instead of ${length}`);
  return output;
}

function store(block: Buffer, output: Buffer, at: number): number {
  if (at + block.length > output.length) throw new RangeError('An LZ4 frame is longer than it says');
  return at + block.copy(output, at);
}

/** Returns where the output ends. Matches may reach into the blocks before. */
function unpackBlock(block: Buffer, output: Buffer, start: number): number {
  let at = start;
  let position = 0;
  const lengthFrom = (bits: number): number => {
    let length = bits;
    for (let more = bits === LONG ? 255 : 0; more === 255; ) {
      more = block.readUInt8(position);
      position += 1;
      length += more;
    }
    return length;
  };
  while (position < block.length) {
    const token = block.readUInt8(position);
    position += 1;
    const literals = lengthFrom(token >> 4);
    if (position + literals > block.length) throw new RangeError('An LZ4 literal ends behind its block');
    at = store(block.subarray(position, position + literals), output, at);
    position += literals;
    // The last sequence has no match.
    if (position >= block.length) return at;
    const distance = block.readUInt16LE(position);
    position += 2;
    const length = lengthFrom(token & LONG) + MIN_MATCH;
    const from = at - distance;
    if (distance === 0 || from < 0 || at + length > output.length) {
      throw new RangeError('An LZ4 match lies outside its frame');
    }
    // Byte by byte where it overlaps itself: what was just written is repeated.
    if (distance >= length) output.copy(output, at, from, from + length);
    else for (let index = 0; index < length; index += 1) output[at + index] = output[from + index] as number;
    at += length;
  }
  return at;
}
