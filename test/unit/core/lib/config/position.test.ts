import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineIndex } from '../../../../../core/lib/config/position.ts';

describe('lineIndex', () => {
  it('counts lines and columns from 1, in UTF-16 units', () => {
    const lines = lineIndex('a\r\n😀b\n');
    expect(lines.lineCount).toBe(3);
    expect(lines.positionAt(3)).toEqual({ line: 2, column: 1 });
    expect(lines.positionAt(5)).toEqual({ line: 2, column: 3 });
    expect(lines.lineEnd(1)).toBe(1);
    expect(lines.positionAt(99)).toEqual({ line: 3, column: 1 });
    expect(lines.offsetAt({ line: 1, column: 99 })).toBe(1);
    expect(lines.offsetAt({ line: 99, column: 1 })).toBe(7);
  });

  it('goes there and back', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab\n]*$/), fc.nat(50), (text, at) => {
        const offset = Math.min(at, text.length);
        const lines = lineIndex(text);
        expect(lines.offsetAt(lines.positionAt(offset))).toBe(offset);
      }),
    );
  });
});
