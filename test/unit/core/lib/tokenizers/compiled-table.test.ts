// The compiled table of SentencePiece tokenizers, on a table laid out by hand after the description of the format: every unit
// has a label, a leaf bit and the way to its children. A real one (nmt_nfkc of SentencePiece 0.2.3) gave the ids of the
// Python library for every assigned character up to U+33FF and from U+F900, and for the texts of test/fixtures/tokenizers.
import { describe, expect, it } from 'vitest';
import { makeCompiledTable } from '../../../../../core/lib/tokenizers/compiled-table.ts';

const LEAF = 0x100;

/** `A` becomes `bc`, and the bytes of `é` become `e`. */
function table(): string {
  const units = new Uint32Array(256);
  const texts = 'bc\0e\0';
  units[0] = 1 << 10;
  // From the root by `A` (0x41): 1 ^ 0x41 = 0x40, and two further on its value.
  units[0x40] = 0x41 | LEAF | (2 << 10);
  units[0x42] = 0x8000_0000;
  // By 0xC3, then 0xA9: 1 ^ 0xC3 = 0xC2, its children from 0xC2 ^ 4 = 0xC6; 0xC6 ^ 0xA9 = 0x6F.
  units[0xc2] = 0xc3 | (4 << 10);
  units[0x6f] = 0xa9 | LEAF | (8 << 10);
  units[0x67] = 0x8000_0003;
  const bytes = [...new Uint8Array(Uint32Array.of(units.byteLength).buffer), ...new Uint8Array(units.buffer)];
  return btoa(String.fromCharCode(...bytes) + texts);
}

describe('a compiled table', () => {
  it('replaces what it knows and leaves the rest', () => {
    const apply = makeCompiledTable(table());
    expect(apply?.('xAyé è\nA')).toBe('xbcye è\nbc');
    expect(apply?.('')).toBe('');
  });

  it('takes a short grapheme as a whole: its first characters decide', () => {
    // The accent goes with the letter it stands on.
    expect(makeCompiledTable(table())?.('A\u0301 e\u0301')).toBe('bc e\u0301');
  });

  it('refuses what is none', () => {
    expect(makeCompiledTable('')).toBeNull();
    expect(makeCompiledTable('no base64 at all!')).toBeNull();
    expect(makeCompiledTable(btoa('\xff\xff\xff\x7fabc'))).toBeNull();
    expect(makeCompiledTable(btoa('\0\0\0\0'))?.('text')).toBe('text');
    // Four bytes of units are said, and some of them or all are missing.
    for (const there of ['', '\0', '\0\0\0'])
      expect(makeCompiledTable(btoa(`\x04\0\0\0${there}`))).toBeNull();
    expect(makeCompiledTable(btoa('\x04\0\0\0\0\0\0\0'))?.('text')).toBe('text');
  });
});
