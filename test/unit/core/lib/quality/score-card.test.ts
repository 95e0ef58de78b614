// What the cards of several files say together about one column.
import { describe, expect, it } from 'vitest';
import { originOf, type ScoredColumn } from '../../../../../core/lib/quality/score-card.ts';

const column = (head: string, variant: string, sha256: string | null = null): ScoredColumn => ({
  column: 'score_a',
  head: { name: 'a', file: 'a.safetensors', sha256: head.repeat(64), inputs: 8, hidden: 4 },
  embedder: { id: 'model', variant, dimensions: 8, sha256 },
});
const fp32 = column('a', 'fp32');

describe('origin of a column', () => {
  it('is known when every file that has it says the same', () => {
    expect(originOf('score_a', [[fp32], 'absent', [fp32]])).toEqual({ kind: 'known', column: fp32 });
    expect(originOf('score_b', ['absent', 'absent'])).toEqual({ kind: 'unknown', files: [] });
  });

  it('is unknown where a file says nothing, or nothing about this column', () => {
    expect(originOf('score_a', [[fp32], null, []])).toEqual({ kind: 'unknown', files: [1, 2] });
  });

  it('is mixed when two files differ in head, embedder, variant or weights, whatever the others say', () => {
    const other = column('b', 'fp32');
    expect(originOf('score_a', [[fp32], null, [other], [fp32]])).toEqual({
      kind: 'mixed',
      by: 'head',
      groups: [
        { column: fp32, files: [0, 3] },
        { column: other, files: [2] },
      ],
    });
    for (const second of [column('a', 'int8'), column('a', 'fp32', 'c'.repeat(64))]) {
      expect(originOf('score_a', [[fp32], [second]])).toMatchObject({ kind: 'mixed', by: 'embedder' });
    }
  });
});
