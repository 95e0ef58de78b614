// The loops of kernels.c over memory that both sides see. Weights are read straight into it, piece by piece; what is given back
// lies there too and holds until the next call. Pieces that do not fit go through the plain TypeScript.
import { ComparedValues, type ComparedSums } from '../../../lib/conversion/compare-values.ts';
import { countBroken, encodeRows, type StoredType } from '../../../lib/conversion/encode-rows.ts';
import { toFloats } from '../../../lib/conversion/float-bits.ts';
import type { FloatType } from '../../../lib/conversion/tensor-rows.ts';
import { kernelBytes } from './kernel-bytes.ts';

/** What the module needs for itself, below what is ours. */
const OWN_BYTES = 4 * 1024 * 1024;
/** A piece and what becomes of it stay in the caches of a processor; larger ones were slower. */
export const PIECE_BYTES = 256 * 1024;
/** A piece is a few rows more at most. */
const ROOM_BYTES = 16 * PIECE_BYTES;
const PAGE_BYTES = 65_536;

interface Exports {
  brains_to_halves(from: number, to: number, count: number): void;
  floats_to_halves(from: number, to: number, count: number): void;
  brains_to_floats(from: number, to: number, count: number): void;
  halves_to_floats(from: number, to: number, count: number): void;
  count_broken16(from: number, count: number, exponent: number): number;
  count_broken32(from: number, count: number): number;
  floats_to_q8(from: number, to: number, blocks: number): void;
  compare(a: number, b: number, count: number, sums: number): void;
  compare_brains(a: number, b: number, count: number, sums: number): void;
}

/** The part of the standard object that is used; the types of Node do not have it. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

export class Kernels {
  readonly #run: Exports;
  readonly #bytes: Uint8Array;
  /** Places: two pieces, the floats of both, and the sums. */
  readonly #places: readonly [number, number, number, number, number];

  constructor() {
    const last = OWN_BYTES + 6 * ROOM_BYTES;
    const memory = new WebAssembly.Memory({ initial: Math.ceil((last + PAGE_BYTES) / PAGE_BYTES) });
    const module = new WebAssembly.Module(Buffer.from(kernelBytes, 'base64'));
    this.#run = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
    this.#bytes = new Uint8Array(memory.buffer);
    const at = (rooms: number) => OWN_BYTES + rooms * ROOM_BYTES;
    this.#places = [at(0), at(1), at(2), at(4), last];
  }

  /** Where the bytes of a piece may be read into: the first, or the one beside it in a comparison. */
  room(which: 0 | 1): Uint8Array {
    const [first, second] = this.#places;
    return this.#bytes.subarray(which === 0 ? first : second, (which === 0 ? first : second) + ROOM_BYTES);
  }

  encode(bytes: Uint8Array, from: FloatType, to: StoredType): Uint8Array {
    const [, , out, blocks] = this.#places;
    if (from === to) return bytes;
    if (bytes.length > ROOM_BYTES || (to === 'F16' && from === 'F16')) return encodeRows(bytes, from, to);
    const values = bytes.length / (from === 'F32' ? 4 : 2);
    if (to === 'F16') {
      const at = this.#placed(bytes, 0);
      if (from === 'BF16') this.#run.brains_to_halves(at, out, values);
      else this.#run.floats_to_halves(at, out, values);
      return this.#bytes.subarray(out, out + values * 2);
    }
    if (to === 'F32') {
      const at = this.#floats(bytes, from, 0);
      return this.#bytes.subarray(at, at + values * 4);
    }
    if (to === 'Q8_0') {
      const at = this.#floats(bytes, from, 0);
      this.#run.floats_to_q8(at, blocks, values / 32);
      return this.#bytes.subarray(blocks, blocks + (values / 32) * 34);
    }
    return encodeRows(bytes, from, to);
  }

  /** Values that are NaN or infinite. */
  countBroken(bytes: Uint8Array, type: FloatType): number {
    if (bytes.length > ROOM_BYTES) return countBroken(bytes, type);
    const at = this.#placed(bytes, 0);
    if (type === 'F32') return this.#run.count_broken32(at, bytes.length / 4);
    return this.#run.count_broken16(at, bytes.length / 2, type === 'F16' ? 0x7c00 : 0x7f80);
  }

  /** Sums over two pieces with the same number of values. */
  compare(a: Uint8Array, typeA: FloatType, b: Uint8Array, typeB: FloatType): ComparedSums {
    const values = a.length / (typeA === 'F32' ? 4 : 2);
    const plain = () => {
      const sums = new ComparedValues();
      sums.add(toFloats(a.slice(), typeA), toFloats(b.slice(), typeB));
      return sums.sums();
    };
    if (a.length > ROOM_BYTES || b.length > ROOM_BYTES) return plain();
    const [, , , , place] = this.#places;
    if (typeA === 'BF16' && typeB === 'BF16') {
      this.#run.compare_brains(this.#placed(a, 0), this.#placed(b, 1), values, place);
    } else this.#run.compare(this.#floats(a, typeA, 0), this.#floats(b, typeB, 1), values, place);
    const [squaresA = 0, squaresB = 0, product = 0, squaresApart = 0, largest = 0, changed = 0] =
      new Float64Array(this.#bytes.buffer, place, 6);
    // Squares that a float32 cannot hold, or NaN: once more in doubles.
    const isHeld = Number.isFinite(squaresA + squaresB + product + squaresApart);
    if (!isHeld || (changed > 0 && squaresApart === 0)) return plain();
    return { squaresA, squaresB, product, squaresApart, largest, changed, values };
  }

  /** The bytes' place in memory; copied there when they lie elsewhere. */
  #placed(bytes: Uint8Array, which: 0 | 1): number {
    if (bytes.buffer === this.#bytes.buffer) return bytes.byteOffset;
    const at = which === 0 ? this.#places[0] : this.#places[1];
    this.#bytes.set(bytes, at);
    return at;
  }

  #floats(bytes: Uint8Array, type: FloatType, which: 0 | 1): number {
    const at = this.#placed(bytes, which);
    if (type === 'F32') return at;
    const to = which === 0 ? this.#places[2] : this.#places[3];
    if (type === 'BF16') this.#run.brains_to_floats(at, to, bytes.length / 2);
    else this.#run.halves_to_floats(at, to, bytes.length / 2);
    return to;
  }
}

let shared: Kernels | undefined;

/** One a process: its users take turns. */
export function kernels(): Kernels {
  shared ??= new Kernels();
  return shared;
}
