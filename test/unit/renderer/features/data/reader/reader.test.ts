// Blocks, matches and segments of a document: they cover the text, and are cut where tokens and matches begin and end.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockAt, textBlocks } from '../../../../../../renderer/features/data/reader/blocks.ts';
import { findMatches, noMatches } from '../../../../../../renderer/features/data/reader/find-matches.ts';
import { blockSegments } from '../../../../../../renderer/features/data/reader/segments.ts';

const joined = (text: string, size?: number) =>
  textBlocks(text, size).map(({ from, to }) => text.slice(from, to));

describe('blocks', () => {
  it('cover any text in order, and find the block of any place', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 3000 }),
        fc.integer({ min: 8, max: 500 }),
        (text, size) => {
          const blocks = textBlocks(text, size);
          expect(joined(text, size).join('')).toBe(text);
          for (const [index, { from, to }] of blocks.entries()) {
            expect(to).toBeGreaterThan(from);
            expect(blockAt(blocks, from)).toBe(index);
            expect(blockAt(blocks, to - 1)).toBe(index);
          }
        },
      ),
    );
  });

  it('end behind lines, behind words in long lines, and never within a character', () => {
    expect(joined('one\ntwo\nthree\n', 9)).toEqual(['one\ntwo\n', 'three\n']);
    expect(joined('aaaa bbbb cccc', 8)).toEqual(['aaaa ', 'bbbb ', 'cccc']);
    const flags = '👩‍👩‍👧‍👦'.repeat(400);
    for (const part of joined(flags, 100)) expect(part.length % 11).toBe(0);
    expect(joined('🚢'.repeat(50), 7).every((part) => part.isWellFormed())).toBe(true);
  });
});

describe('matches', () => {
  it('take signs as they are, upper and lower case alike, any space for a space', () => {
    expect(findMatches('a.c abc A.C', 'a.c').starts).toEqual([0, 8]);
    expect(findMatches('one\n  two one two', 'one two').starts).toEqual([0, 10]);
    expect(findMatches('ΣΑΣ σας', 'σας').starts).toHaveLength(2);
    expect(findMatches('abc', '  ')).toEqual(noMatches);
    expect(findMatches('a'.repeat(20_000), 'a').isCut).toBe(true);
  });
});

describe('segments', () => {
  const tokens = {
    ids: Uint32Array.of(1, 5, 6, 7, 8, 2),
    starts: Uint32Array.of(0, 0, 3, 3, 5, 8),
    ends: Uint32Array.of(0, 3, 5, 5, 8, 8),
    kinds: Uint8Array.of(2, 0, 0, 0, 1, 2),
  };
  const text = 'abc🚢xyz';

  it('are cut by tokens and matches, with shared characters and marks around the text', () => {
    const block = { from: 0, to: 8 };
    const matches = { starts: [2], ends: [6], isCut: false };
    const found = blockSegments({ block, isLast: true, tokens, matches, current: 0 });
    expect(found.map(({ from, to, token }) => [text.slice(from, to), token])).toEqual([
      ['', 0],
      ['ab', 1],
      ['c', 1],
      ['🚢', 2],
      ['x', 4],
      ['yz', 4],
      ['', 5],
    ]);
    expect(found.map(({ match }) => match)).toEqual([
      'none',
      'none',
      'current',
      'current',
      'current',
      'none',
      'none',
    ]);
    expect(found.map(({ isSpecial }) => isSpecial)).toEqual([true, false, false, false, true, true, true]);
    expect(found[3]?.shared).toBe(2);
  });

  it('of blocks make the same text as those of the whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), (cut) => {
        const wish = { tokens, matches: findMatches(text, 'c🚢'), current: null };
        const parts = [
          ...blockSegments({ ...wish, block: { from: 0, to: cut }, isLast: false }),
          ...blockSegments({ ...wish, block: { from: cut, to: 8 }, isLast: true }),
        ];
        expect(parts.map(({ from, to }) => text.slice(from, to)).join('')).toBe(text);
        expect(parts.filter(({ isMark }) => isMark).map(({ token }) => token)).toEqual([0, 5]);
      }),
    );
  });
});
