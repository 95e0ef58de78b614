// A weight matrix as conversion sees it: rows that can be read piece by piece, wherever they lie.

export type FloatType = 'F32' | 'F16' | 'BF16';

export interface TensorRows {
  /** The name it has in a Hugging Face folder. */
  readonly name: string;
  readonly type: FloatType;
  /** [rows, columns]; [values] for a vector. */
  readonly shape: readonly number[];
  /**
   * Rows `first` up to `first + count` as little-endian bytes, each row whole. A vector has one value a row. `into` may be used
   * for them: what is given back is then its start.
   */
  readRows(first: number, count: number, into?: Uint8Array): Uint8Array;
}

export function isFloatType(type: string): type is FloatType {
  return type === 'F32' || type === 'F16' || type === 'BF16';
}

/** Bytes one value takes. */
export function bytesOf(type: FloatType): number {
  return type === 'F32' ? 4 : 2;
}

/** Values in a row: 1 for a vector. */
export function columnsOf({ shape }: Pick<TensorRows, 'shape'>): number {
  return shape.slice(1).reduce((product, size) => product * size, 1);
}

export function rowsOf({ shape }: Pick<TensorRows, 'shape'>): number {
  return shape[0] ?? 1;
}

/** The weights do not fit what their config says, or are of a kind that is not converted. One sentence. */
export class ConversionFault extends Error {
  override readonly name = 'ConversionFault';
  /** What a person can do. */
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
