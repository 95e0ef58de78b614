// Times and ages as the window writes them, at the borders between units; and filtering of lists.
import { describe, expect, it } from 'vitest';
import { filterItems } from '../../../../renderer/ui/filter-items.ts';
import { fileName, formatAge, formatDuration, formatQuantity } from '../../../../renderer/ui/format.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [1_000, '1 s'],
    [1_240, '1.2 s'],
    [42_900, '42 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [8_040_000, '2 h 14 min'],
    [86_400_000 * 16 + 3_600_000 * 3, '16 d 3 h'],
    [-5, '0 ms'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('%d ms is %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });
});

describe('formatAge', () => {
  it.each([
    [0, 'now'],
    [12_000, '12 s ago'],
    [300_000, '5 min ago'],
    [3 * 3_600_000, '3 h ago'],
    [3 * 86_400_000, '3 d ago'],
    [-10_000, 'now'],
  ])('%d ms ago is %s', (ageMs, text) => {
    expect(formatAge(1_000_000_000 - ageMs, 1_000_000_000)).toBe(text);
  });
});

describe('small texts', () => {
  it('counts things', () => {
    expect(formatQuantity(1, 'run')).toBe('1 run');
    expect(formatQuantity(1_200, 'run')).toBe('1,200 runs');
    expect(formatQuantity(2, 'entry', 'entries')).toBe('2 entries');
  });

  it('takes the last part of a path of any system', () => {
    expect(fileName('configs/a.yaml')).toBe('a.yaml');
    expect(fileName('C:\\data\\b.parquet')).toBe('b.parquet');
    expect(fileName('c')).toBe('c');
  });

  it('filters by words in any order, and keeps the order of items', () => {
    const items = ['zagreus-0.4B-ita.yaml', 'zagreus-0.4B-spa.yaml', 'nesso-dpo.yaml'];
    const same = (item: string) => item;
    expect(filterItems(items, same, 'YAML zag')).toEqual(items.slice(0, 2));
    expect(filterItems(items, same, '  ')).toBe(items);
    expect(filterItems(items, same, 'q')).toEqual([]);
  });
});
