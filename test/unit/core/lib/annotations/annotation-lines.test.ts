import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotationText, parseAnnotations } from '../../../../../core/lib/annotations/annotation-lines.ts';
import type { Mark } from '../../../../../core/lib/annotations/campaign.ts';

const rated = (rating: number): Mark => ({ kind: 'rating', rating });
const line = (document: string, rating: number, atMs = 1) => annotationText(document, rated(rating), atMs);

describe('an annotator file', () => {
  it('counts the last line of a document', () => {
    const { marks, newestMs } = parseAnnotations(line('a', 1) + line('b', 2, 7) + line('a', 5, 3));
    expect([...marks]).toEqual([
      ['a', rated(5)],
      ['b', rated(2)],
    ]);
    expect(newestMs).toBe(7);
  });

  it('lets a skip or a flag take a rating back', () => {
    const text = line('a', 1) + annotationText('a', { kind: 'flag' }, 2);
    expect(parseAnnotations(text).marks.get('a')).toEqual({ kind: 'flag' });
  });

  it('counts and leaves out half a line, marks of a merge, ratings off the scale, and reads on', () => {
    const text = [
      '<<<<<<< HEAD',
      line('a', 3).trim(),
      '=======',
      '>>>>>>> other',
      '{"document":"b","kind":"rating","rating":6,"atMs":1}',
      '{"document":"b","kind":"rating","rating":2.5,"atMs":1}',
      line('c', 4).slice(0, 20),
      '',
      line('d', 0).trim(),
    ].join('\r\n');
    const { marks, brokenLines } = parseAnnotations(text);
    expect(brokenLines).toBe(6);
    expect([...marks.keys()]).toEqual(['a', 'd']);
  });

  it('gives back what was written, whatever the id is', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'binary' }),
        fc.integer({ min: 0, max: 5 }),
        (id, rating) => {
          const { marks, brokenLines } = parseAnnotations(line(id, rating));
          expect(brokenLines).toBe(0);
          expect([...marks]).toEqual([[id, rated(rating)]]);
        },
      ),
    );
  });
});
