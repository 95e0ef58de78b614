// Views as values, links and sentences.
import { describe, expect, it } from 'vitest';
import {
  datasetView,
  filterSentence,
  isWhole,
  parseViewText,
  type RowFilter,
  sortSentence,
  viewText,
  wholeDataset,
} from '../../../../../core/lib/datasets/view.ts';

function filter(value: unknown): RowFilter {
  const [first] = datasetView.parse({ filters: [value] }).filters;
  if (!first) throw new Error('No filter');
  return first;
}

describe('a view', () => {
  it('says each filter as a sentence', () => {
    const sentences: readonly (readonly [unknown, string])[] = [
      [{ kind: 'range', column: 'score_gemma', from: 2, to: 3 }, 'score_gemma from 2 to 3'],
      [
        { kind: 'range', column: 's', from: 0.1234567, to: 3, includesTo: false },
        's from 0.123457 to below 3',
      ],
      [{ kind: 'range', column: 's', from: 2 }, 's from 2'],
      [{ kind: 'range', column: 's', to: 2, negated: true }, 's not up to 2'],
      [{ kind: 'equals', column: 'language', value: 'ita' }, 'language is ita'],
      [{ kind: 'equals', column: 'kept', value: false, negated: true }, 'kept is not false'],
      [{ kind: 'oneOf', column: 'language', values: ['ita', 'spa'] }, 'language is ita or spa'],
      [{ kind: 'oneOf', column: 'l', values: ['a', 'b', 'c'], negated: true }, 'l is neither a, b nor c'],
      [
        { kind: 'oneOf', column: 'l', values: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
        'l is a, b, c, d, e or 2 more',
      ],
      [{ kind: 'equals', column: 'l', value: 'two words' }, 'l is “two words”'],
      [{ kind: 'contains', column: 'text', text: 'Roma' }, 'text contains “Roma”'],
      [{ kind: 'isNull', column: 'date' }, 'date has no value'],
      [{ kind: 'isNotNull', column: 'date' }, 'date has a value'],
      [{ kind: 'isNull', column: 'date', negated: true }, 'date has a value'],
    ];
    for (const [value, sentence] of sentences) expect(filterSentence(filter(value))).toBe(sentence);
    expect(sortSentence({ column: 'n', descending: true })).toBe('sorted by n, highest first');
  });

  it('survives its way through a link, short where it says nothing', () => {
    const view = datasetView.parse({
      filters: [
        { kind: 'range', column: 'a "b" & c', from: 1e-7, to: 2, includesTo: false },
        { kind: 'contains', column: 'ü', text: '100 % #', negated: true },
      ],
      search: 'x=y?',
      sort: { column: 'a', descending: true },
    });
    expect(parseViewText(viewText(view))).toEqual(view);
    expect(viewText(wholeDataset)).toBe('{}');
    expect(parseViewText('{}')).toEqual(wholeDataset);
    expect(isWhole(wholeDataset)).toBe(true);
    expect(isWhole(view)).toBe(false);
  });

  it('refuses what is no view', () => {
    for (const text of [
      '',
      'nonsense',
      '[]',
      '{"filters":[{"kind":"drop"}]}',
      '{"search":"a\\u0000b"}',
      '{"filters":[{"kind":"oneOf","column":"a","values":[]}]}',
      '{"filters":[{"kind":"range","column":"a","from":1e999}]}',
    ])
      expect(parseViewText(text)).toBeNull();
  });
});
