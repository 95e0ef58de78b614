// Text where it stands in the bytes of a file: compared without being decoded.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A piece of text as it stands in a file. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Bytes that are no UTF-8 become U+FFFD. */
export function textOf(bytes: Uint8Array, start: number, end?: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

/** Whether `piece` stands at `at`. Somewhere behind it stands a byte that is not in it: the end of the line. */
export function standsAt(bytes: Uint8Array, at: number, piece: Uint8Array): boolean {
  for (let index = 0; index < piece.length; index += 1) if (bytes[at + index] !== piece[index]) return false;
  return true;
}
