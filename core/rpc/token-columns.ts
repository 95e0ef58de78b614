// The tokens of a text as one binary Blob: what crosses the wire instead of JSON arrays.
// Layout: `tokens` uint32 ids, as many uint32 starts and uint32 ends, then as many uint8 kinds, little-endian.

/** 0: of the text; 1: a special token that the text spells; 2: put there by the post-processor. */
export type TokenKind = 0 | 1 | 2;

export interface TokenColumns {
  readonly ids: Uint32Array<ArrayBuffer>;
  /** UTF-16 code units of the text, [start, end). Neighbours may share characters. */
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly ends: Uint32Array<ArrayBuffer>;
  /** A TokenKind each. */
  readonly kinds: Uint8Array<ArrayBuffer>;
}

/** Every platform the studio runs on is little-endian. */
export function packTokens({ ids, starts, ends, kinds }: TokenColumns): Blob {
  return new Blob([ids, starts, ends, kinds]);
}

/** The inverse. Throws RangeError when the Blob is too short. */
export async function unpackTokens(data: Blob, tokens: number): Promise<TokenColumns> {
  const buffer = await data.arrayBuffer();
  return {
    ids: new Uint32Array(buffer, 0, tokens),
    starts: new Uint32Array(buffer, tokens * 4, tokens),
    ends: new Uint32Array(buffer, tokens * 8, tokens),
    kinds: new Uint8Array(buffer, tokens * 12, tokens),
  };
}
