// The vocabulary of a loaded model: texts to ids, ids to the bytes they stand for. Knows no context and no sampling.
import { addressOf, type Handle, type LlamaLibrary } from './library.ts';

/** Room for one piece at first; the longest tokens of known vocabularies have some 500 bytes. */
const PIECE_BYTES = 512;

export interface Piece {
  readonly bytes: Uint8Array;
  /** A control token, which is not part of what a person reads. */
  readonly isControl: boolean;
}

export class Vocabulary {
  readonly size: number;
  /** Null where the model has none. */
  readonly begin: number | null;
  readonly end: number | null;
  private readonly library: LlamaLibrary;
  private readonly handle: Handle;
  private readonly pieces = new Map<number, Piece>();
  private buffer = new Uint8Array(PIECE_BYTES);

  constructor(library: LlamaLibrary, handle: Handle) {
    this.library = library;
    this.handle = handle;
    this.size = library.vocabularySize(handle);
    const known = (id: number) => (id >= 0 && id < this.size ? id : null);
    this.begin = known(library.beginToken(handle));
    this.end = known(library.endToken(handle));
  }

  get pointer(): Handle {
    return this.handle;
  }

  has(id: number): boolean {
    return Number.isInteger(id) && id >= 0 && id < this.size;
  }

  /** Ids of a text in which special tokens count as such; nothing is put before or after. */
  tokenize(text: string): number[] {
    const bytes = new TextEncoder().encode(text);
    if (bytes.length === 0) return [];
    // No token is shorter than a byte; some tokenizers put a space before.
    let ids = new Int32Array(bytes.length + 8);
    const ask = () =>
      this.library.tokenize(
        this.handle,
        addressOf(bytes),
        bytes.length,
        addressOf(ids),
        ids.length,
        false,
        true,
      );
    let count = ask();
    if (count < 0) {
      ids = new Int32Array(-count);
      count = ask();
    }
    return Array.from(ids.subarray(0, Math.max(0, count)));
  }

  /** With the begin token first unless the text begins with it already. */
  tokenizeWithBegin(text: string): number[] {
    const ids = this.tokenize(text);
    return this.begin === null || ids[0] === this.begin ? ids : [this.begin, ...ids];
  }

  piece(id: number): Piece {
    const known = this.pieces.get(id);
    if (known !== undefined) return known;
    const piece = { bytes: this.bytesOf(id), isControl: this.library.isControl(this.handle, id) };
    this.pieces.set(id, piece);
    return piece;
  }

  /** As text by itself; half a character is the replacement character. */
  text(id: number): string {
    return new TextDecoder().decode(this.piece(id).bytes);
  }

  endsGeneration(id: number): boolean {
    return this.library.endsGeneration(this.handle, id);
  }

  /** How the vocabulary itself writes a token: what templates put in as begin and end token. */
  written(id: number | null): string {
    return id === null ? '' : (this.library.tokenText(this.handle, id) ?? '');
  }

  private bytesOf(id: number): Uint8Array {
    const ask = () =>
      this.library.piece(this.handle, id, addressOf(this.buffer), this.buffer.length, 0, true);
    let length = ask();
    if (length < 0) {
      this.buffer = new Uint8Array(-length);
      length = ask();
    }
    return this.buffer.slice(0, Math.max(0, length));
  }
}
