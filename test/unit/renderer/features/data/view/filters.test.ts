import { describe, expect, it } from 'vitest';
import { wholeDataset } from '../../../../../../core/lib/datasets/view.ts';
import {
  chosenValues,
  lengthFilter,
  toggleValue,
  withRange,
} from '../../../../../../renderer/features/data/view/filters.ts';

describe('filters of clicks', () => {
  it('join values of one column, take them away, and keep those of its host apart', () => {
    const one = toggleValue(wholeDataset, { column: 'url' }, 'x', false);
    const two = toggleValue(one, { column: 'url' }, 'y', false);
    const host = toggleValue(two, { column: 'url', part: 'host' }, 'example.org', false);
    expect(chosenValues(host, { column: 'url' }, false)).toEqual(['x', 'y']);
    expect(chosenValues(host, { column: 'url', part: 'host' }, false)).toEqual(['example.org']);
    expect(chosenValues(host, { column: 'url' }, true)).toEqual([]);
    const left = toggleValue(host, { column: 'url' }, 'x', true);
    expect(left.filters).toHaveLength(3);
    const back = toggleValue(toggleValue(two, { column: 'url' }, 'x', false), { column: 'url' }, 'y', false);
    expect(back.filters).toEqual([]);
  });

  it('replace the range of a column, and ask for lengths', () => {
    const first = withRange(wholeDataset, { column: 'n', from: 0, to: 9, includesTo: true });
    expect(withRange(first, { column: 'n', from: 2, to: 3, includesTo: false }).filters).toEqual([
      { kind: 'range', column: 'n', negated: false, from: 2, to: 3, includesTo: false },
    ]);
    expect(lengthFilter('te"xt', 'characters', 100, 150)).toMatchObject({
      condition: 'length("te""xt") BETWEEN 100 AND 149',
    });
    expect(lengthFilter('ids', 'items', 3, 4)).toMatchObject({ condition: 'len("ids") = 3' });
  });
});
