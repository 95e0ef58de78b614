// The compiled replacement table of SentencePiece tokenizers (`precompiled_charsmap`), applied as the Python library does: a
// double-array trie from bytes to an offset, then zero-ended texts. The JavaScript library approximates it with NFKC.
// Source: spm_precompiled 0.1.4, which tokenizers uses.

/** Graphemes of this many bytes or more are never looked up whole. */
const WHOLE_BYTES = 6;
/** What joins characters to one grapheme; lines without any are read character by character. */
const JOINS = /[\p{M}\p{Cf}\p{RI}\p{Emoji_Modifier}\r\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/u;

/** Null for a table that cannot be read. */
export function makeCompiledTable(charsmap: string): ((text: string) => string) | null {
  const bytes = bytesOf(charsmap);
  if (bytes.length < 4) return null;
  const view = new DataView(bytes.buffer);
  const size = view.getUint32(0, true);
  if (size % 4 !== 0 || size + 4 > bytes.length) return null;
  const trie = Uint32Array.from({ length: size / 4 }, (_, index) => view.getUint32(4 + 4 * index, true));
  const texts = bytes.subarray(4 + size);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();

  /** What the shortest known beginning of `key` becomes; null without one. */
  const look = (key: Uint8Array): string | null => {
    let place = offsetOf(trie[0] ?? 0);
    for (const byte of key) {
      if (byte === 0) return null;
      place ^= byte;
      const unit = trie[place] ?? 0;
      if ((unit & 0x8000_00ff) !== byte) return null;
      place ^= offsetOf(unit);
      if ((unit & 0x100) === 0) continue;
      const start = (trie[place] ?? 0) & 0x7fff_ffff;
      const end = texts.indexOf(0, start);
      return decoder.decode(texts.subarray(start, end < 0 ? texts.length : end));
    }
    return null;
  };
  const known = new Map<string, string>();
  const replaced = (character: string): string => {
    const before = known.get(character);
    if (before !== undefined) return before;
    const after = look(encoder.encode(character)) ?? character;
    known.set(character, after);
    return after;
  };
  const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
  const plain = ascii.every((character) => replaced(character) === character) ? /[^ -~]/gu : /[\s\S]/gu;
  const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

  const line = (text: string): string => {
    if (!JOINS.test(text)) return text.replace(plain, replaced);
    let result = '';
    for (const { segment } of graphemes.segment(text)) {
      const key = encoder.encode(segment);
      const whole = key.length < WHOLE_BYTES ? look(key) : null;
      result += whole ?? Array.from(segment, replaced).join('');
    }
    return result;
  };
  // A line break ends every grapheme, and what stands before it in a pair belongs to it.
  return (text) => text.replace(/[^\n]*\n|[^\n]+/g, line);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    // No table, as an empty one is none.
    return new Uint8Array(0);
  }
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}
