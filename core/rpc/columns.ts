// Columns of float64 numbers as one binary Blob: what crosses the wire instead of JSON arrays.
// Layout per column: `count` float64 steps, then `count` float64 values, little-endian, in the order of the list.

export interface NumberColumn {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/** Columns one after another. Every platform the studio runs on is little-endian. */
export function packColumns(columns: readonly NumberColumn[]): Blob {
  return new Blob(columns.flatMap((column) => [bytesOf(column.steps), bytesOf(column.values)]));
}

/** The inverse; `counts[i]` is the length of column i. Throws RangeError when the Blob is too short. */
export async function unpackColumns(data: Blob, counts: readonly number[]): Promise<readonly NumberColumn[]> {
  const buffer = await data.arrayBuffer();
  let offset = 0;
  return counts.map((count) => {
    const steps = new Float64Array(buffer, offset, count);
    const values = new Float64Array(buffer, offset + count * 8, count);
    offset += count * 16;
    return { steps, values };
  });
}

function bytesOf(column: Float64Array): ArrayBuffer {
  const copy = new ArrayBuffer(column.byteLength);
  new Float64Array(copy).set(column);
  return copy;
}
