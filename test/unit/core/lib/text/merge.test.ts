// Three-way merges: clean, conflicting, and the shapes that break line merges.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_MERGE_LINES, mergeTexts } from '../../../../../core/lib/text/merge.ts';

const base = 'a: 1\nb: 2\nc: 3\nd: 4\ne: 5\n';

describe('mergeTexts', () => {
  it('takes both changes when they are in different places', () => {
    const mine = base.replace('a: 1', 'a: 10');
    const theirs = base.replace('e: 5', 'e: 50');
    expect(mergeTexts({ base, mine, theirs })).toEqual({
      kind: 'clean',
      text: 'a: 10\nb: 2\nc: 3\nd: 4\ne: 50\n',
    });
  });

  it('reports both versions of a place that both changed, with their lines', () => {
    const result = mergeTexts({
      base,
      mine: base.replace('c: 3', 'c: 4'),
      theirs: `new: 0\n${base.replace('c: 3', 'c: 5')}`,
    });
    expect(result.kind).toBe('conflict');
    expect(result.kind === 'conflict' && result.hunks.find((hunk) => hunk.kind === 'conflict')).toEqual({
      kind: 'conflict',
      base: 'c: 3\n',
      mine: 'c: 4\n',
      theirs: 'c: 5\n',
      mineLine: 3,
      theirsLine: 4,
    });
  });

  it('sees the same change on both sides as agreement', () => {
    const changed = base.replace('b: 2', 'b: 3');
    expect(mergeTexts({ base, mine: changed, theirs: changed })).toEqual({ kind: 'clean', text: changed });
  });

  it('keeps line ends and a missing last one', () => {
    const crlf = 'a: 1\r\nb: 2\r\nc: 3';
    expect(mergeTexts({ base: crlf, mine: crlf.replace('1', '9'), theirs: `${crlf}0` })).toEqual({
      kind: 'clean',
      text: 'a: 9\r\nb: 2\r\nc: 30',
    });
  });

  it('asks a person about texts too long to compare line by line', () => {
    const long = 'x: 1\n'.repeat(MAX_MERGE_LINES + 1);
    expect(mergeTexts({ base: long, mine: `${long}y: 1\n`, theirs: `z: 1\n${long}` }).kind).toBe('conflict');
  });

  it('loses nothing when only one side changed', () => {
    const text = fc.array(fc.constantFrom('a\n', 'b\n', '\n', 'c')).map((lines) => lines.join(''));
    fc.assert(
      fc.property(text, text, (old, changed) => {
        expect(mergeTexts({ base: old, mine: changed, theirs: old })).toEqual({
          kind: 'clean',
          text: changed,
        });
        expect(mergeTexts({ base: old, mine: old, theirs: changed })).toEqual({
          kind: 'clean',
          text: changed,
        });
      }),
    );
  });
});
