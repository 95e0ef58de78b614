// Columns of float64 numbers as one binary Blob: what crosses the wire instead of JSON arrays. A Blob by itself travels as it is; inside
// of an object it would be wrapped as a part of a form, which has to be searched for its borders.
// Layout: bytes of the header as uint32, the header as JSON text in UTF-8, zeros up to a multiple of 8, then the columns one after
// another, little-endian, which every platform the studio runs on is.

/** Of the length that stands first. */
const PREFIX_BYTES = 4;
const NUMBER_BYTES = 8;

export function packColumns(header: unknown, columns: readonly Float64Array[]): Blob {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const head = new Uint8Array(roundedUp(PREFIX_BYTES + text.length));
  new DataView(head.buffer).setUint32(0, text.length, true);
  head.set(text, PREFIX_BYTES);
  // Copied here: the columns may grow while the answer is on its way. None of them is shared memory.
  return new Blob([head, ...(columns as readonly Float64Array<ArrayBuffer>[])]);
}

export interface PackedColumns<T> {
  readonly header: T;
  /** The next `count` numbers: a view of what was received. Throws RangeError when there are not as many. */
  take(count: number): Float64Array<ArrayBuffer>;
}

/** The inverse. Throws RangeError when the Blob is too short, SyntaxError when its header is no JSON, and what `parseHeader` throws. */
export async function unpackColumns<T>(
  data: Blob,
  parseHeader: (value: unknown) => T,
): Promise<PackedColumns<T>> {
  const buffer = await data.arrayBuffer();
  const length = new DataView(buffer).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(buffer, PREFIX_BYTES, length));
  let offset = roundedUp(PREFIX_BYTES + length);
  return {
    header: parseHeader(JSON.parse(text)),
    take(count) {
      const column = new Float64Array(buffer, offset, count);
      offset += count * NUMBER_BYTES;
      return column;
    },
  };
}

function roundedUp(bytes: number): number {
  return Math.ceil(bytes / NUMBER_BYTES) * NUMBER_BYTES;
}
