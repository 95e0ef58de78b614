// What the header of a GGUF file holds once it is parsed. Knows nothing of files or runtimes.

export type GgufValue =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'text'; readonly value: string }
  /** Long lists (a vocabulary) are counted, not kept: `first` holds at most FIRST_VALUES. */
  | {
      readonly kind: 'list';
      readonly length: number;
      readonly first: readonly (number | boolean | string)[];
    };

export interface GgufTensor {
  readonly name: string;
  /** ggml order: the fastest dimension first. */
  readonly shape: readonly number[];
  readonly type: string;
  /** From the start of the tensor data. */
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

export interface GgufHeader {
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly GgufTensor[];
  readonly alignmentBytes: number;
  /** Where tensor data starts in the file. */
  readonly dataStartBytes: number;
}

/** The file is not a model that may be given to a runtime. The message is one sentence without the path. */
export class GgufFault extends Error {
  override readonly name = 'GgufFault';
}

/** The buffer ended before the header did; at least this many bytes of the file are needed. */
export class GgufNeedsMore extends Error {
  override readonly name = 'GgufNeedsMore';
  readonly neededBytes: number;

  constructor(neededBytes: number) {
    super(`needs ${neededBytes} bytes`);
    this.neededBytes = neededBytes;
  }
}

export function numberOf(header: GgufHeader, key: string): number | null {
  const value = header.metadata.get(key);
  return value?.kind === 'number' ? value.value : null;
}

export function textOf(header: GgufHeader, key: string): string | null {
  const value = header.metadata.get(key);
  return value?.kind === 'text' ? value.value : null;
}
