// Which part of a piece each of its tokens stands for: bytes, text, text behind `##`, `<0xE4>`, or the unknown token.

export interface ModelSpelling {
  /** `##` of WordPiece: in front of every token but a word's first. */
  readonly continuing: string;
  readonly endOfWord: string;
  readonly unknown: string | null;
  /** A word that is not known is one unknown token as a whole. */
  readonly unknownIsWhole: boolean;
}

/** First and last+1 unit of the piece; `exact` is false where the place had to be guessed. */
export interface TokenRange {
  readonly from: number;
  readonly to: number;
  readonly exact: boolean;
}

const BYTE = /^<0x[0-9A-F]{2}>$/;

export function tokenRanges(
  piece: string,
  tokens: readonly string[],
  spelling: ModelSpelling,
): readonly TokenRange[] {
  let at = 0;
  /** Bytes of the character at `at` that are still to come. */
  let bytesLeft = 0;
  return tokens.map((token, index) => {
    const text = textOf(token, index, tokens.length, spelling);
    if (bytesLeft === 0 && text !== '' && piece.startsWith(text, at)) {
      at += text.length;
      return { from: at - text.length, to: at, exact: true };
    }
    const character = String.fromCodePoint(piece.codePointAt(at) ?? 0);
    if (BYTE.test(token)) {
      if (bytesLeft === 0) bytesLeft = utf8Length(character);
      const range = { from: at, to: at + character.length, exact: at < piece.length };
      bytesLeft -= 1;
      if (bytesLeft === 0) at += character.length;
      return range;
    }
    bytesLeft = 0;
    if (token === spelling.unknown) {
      const from = at;
      at = spelling.unknownIsWhole ? piece.length : unknownEnd(piece, at, tokens[index + 1], spelling);
      return { from, to: at, exact: at > from };
    }
    // Characters without any token are dropped.
    const found = text === '' ? -1 : piece.indexOf(text, at);
    if (found < 0) return { from: at, to: at, exact: false };
    at = found + text.length;
    return { from: found, to: at, exact: true };
  });
}

function textOf(token: string, index: number, count: number, spelling: ModelSpelling): string {
  const { continuing, endOfWord } = spelling;
  const from = index > 0 && continuing !== '' && token.startsWith(continuing) ? continuing.length : 0;
  const isLast = index === count - 1 && endOfWord !== '' && token.endsWith(endOfWord);
  return token.slice(from, isLast ? token.length - endOfWord.length : token.length);
}

/** Unknown characters in a row are one token: it ends where the next token begins. */
function unknownEnd(piece: string, at: number, next: string | undefined, spelling: ModelSpelling): number {
  if (next === undefined) return piece.length;
  const one = at + String.fromCodePoint(piece.codePointAt(at) ?? 0).length;
  if (next === spelling.unknown || BYTE.test(next)) return Math.min(one, piece.length);
  const found = piece.indexOf(next, one);
  return found < 0 ? Math.min(one, piece.length) : found;
}

function utf8Length(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}
