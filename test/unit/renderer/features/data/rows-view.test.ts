import { describe, expect, it } from 'vitest';
import { plainLayout } from '../../../../../core/lib/datasets/saved-view.ts';
import { wholeDataset } from '../../../../../core/lib/datasets/view.ts';
import {
  orderedColumns,
  shownColumns,
  withHidden,
  withMoved,
  withPinned,
  withStep,
  withWidth,
} from '../../../../../renderer/features/data/columns/column-layout.ts';
import { scrollScale } from '../../../../../renderer/ui/scroll-scale.ts';
import { usualFacets } from '../../../../../renderer/features/data/facets/facet-columns.ts';
import { documentNames } from '../../../../../renderer/app/document-names.ts';
import {
  chosenValues,
  lengthFilter,
  toggleValue,
  withRange,
} from '../../../../../renderer/features/data/view/filters.ts';
import { rowAsJson, rowAsMarkdown } from '../../../../../renderer/features/data/view/row-text.ts';
import {
  completionsOf,
  nameInSql,
  wordAt,
  wordsOf,
} from '../../../../../renderer/features/data/view/sql-words.ts';

const column = (name: string, type = 'VARCHAR') => ({ name, type, numeric: type === 'DOUBLE' });
const columns = ['a', 'b', 'c', 'd'].map((name) => column(name));
const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).join('');

describe('a column layout', () => {
  it('orders, pins and hides, and keeps columns it does not name', () => {
    const moved = withMoved(columns, plainLayout, 'd', 'b');
    expect(names(orderedColumns(columns, moved))).toBe('adbc');
    const pinned = withPinned(moved, 'c', true);
    expect(names(orderedColumns(columns, pinned))).toBe('cadb');
    const hidden = withHidden(pinned, 'a', true);
    const shown = shownColumns([...columns, column('new')], hidden);
    expect(names(shown.columns)).toBe('cdbnew');
    expect(shown.pinned).toBe(1);
    expect(names(shownColumns(columns, { ...plainLayout, hidden: ['a', 'b', 'c', 'd'] }).columns)).toBe('a');
  });

  it('steps over hidden columns and stops at both ends', () => {
    const layout = withHidden(plainLayout, 'b', true);
    expect(names(shownColumns(columns, withStep(columns, layout, 'c', -1)).columns)).toBe('cad');
    expect(names(shownColumns(columns, withStep(columns, layout, 'a', 1)).columns)).toBe('cad');
    expect(withStep(columns, layout, 'a', -1)).toBe(layout);
    expect(withStep(columns, layout, 'd', 1)).toBe(layout);
  });

  it('keeps widths within reason', () => {
    expect(withWidth(plainLayout, 'a', 5).widths).toEqual({ a: 60 });
    expect(withWidth(withWidth(plainLayout, 'a', 9999), 'a', null).widths).toEqual({});
  });
});

describe('the scroll scale', () => {
  it('gives each row its pixels while a browser can lay them out', () => {
    const scale = scrollScale(1000, 26, 500);
    expect(scale.isScaled).toBe(false);
    expect(scale.heightPx).toBe(26_000);
    expect(scale.rowAt(260)).toBe(10);
    expect(scale.scrollOf(999)).toBe(25_500);
  });

  it('reaches the first and the last of ten million rows, and comes back to the same row', () => {
    const rows = 10_000_000;
    const scale = scrollScale(rows, 26, 520);
    expect(scale.isScaled).toBe(true);
    expect(scale.heightPx).toBeLessThan(33_000_000);
    expect(scale.rowAt(0)).toBe(0);
    expect(scale.rowAt(scale.heightPx - 520)).toBeCloseTo(rows - 20, 6);
    for (const row of [0, 1, 4_999_999, rows - 20]) {
      expect(scale.rowAt(scale.scrollOf(row))).toBeCloseTo(row, 3);
    }
    expect(scale.rowAt(scale.scrollOf(rows * 2))).toBeCloseTo(rows - 20, 3);
  });
});

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

describe('words of SQL', () => {
  const known = [
    column('token_count', 'DOUBLE'),
    column('text'),
    column('metadata.url'),
    column('Über alles'),
  ];

  it('are completed from columns and functions, quoted where SQL needs it', () => {
    expect(completionsOf('te', known)[0]).toEqual({ text: 'text', detail: 'VARCHAR' });
    expect(completionsOf('url', known).map(({ text }) => text)).toEqual(['"metadata.url"']);
    expect(completionsOf('"Üb', known).map(({ text }) => text)).toEqual(['"Über alles"']);
    expect(completionsOf('leng', known).map(({ text }) => text)).toEqual(['length(']);
    expect(completionsOf('', known)).toEqual([]);
    expect(nameInSql('order')).toBe('"order"');
  });

  it('are found at the caret, and not inside a text', () => {
    expect(wordAt('length(te', 9)).toEqual({ from: 7, word: 'te' });
    expect(wordAt('a = "met', 8)).toEqual({ from: 4, word: '"met' });
    expect(wordAt("text = 'te", 10).word).toBe('');
    expect(wordAt("'it''s' = te", 12).word).toBe('te');
  });

  it('show a condition as it was written', () => {
    const table = { columns: known, textColumn: 'text' };
    const filter = { kind: 'sql' as const, condition: 'token_count > 3', negated: false };
    expect(wordsOf({ ...wholeDataset, filters: [filter] }, table).condition).toBe('token_count > 3');
    const negated = { ...wholeDataset, filters: [{ ...filter, negated: true }] };
    expect(wordsOf(negated, table).condition).toContain('NOT coalesce((token_count > 3');
  });
});

describe('names and texts', () => {
  it('of views become paths that stay below views/', () => {
    const { nameOf, pathOf } = documentNames('views');
    expect(pathOf('Italian, long')).toBe('views/Italian-long.json');
    expect(pathOf('team/../../etc/passwd')).toBe('views/team/etc/passwd.json');
    expect(pathOf('…')).toBeNull();
    expect(nameOf('views/team/a.json')).toBe('team/a');
  });

  it('of rows keep nested values in JSON and pipes in Markdown', () => {
    const document = {
      row: 1,
      fields: [
        { name: 'id', type: 'VARCHAR', value: 'a|b', truncated: false },
        { name: 'tags', type: 'VARCHAR[]', value: '["x"]', truncated: false },
        { name: 'text', type: 'VARCHAR', value: '[not json', truncated: false },
      ],
    };
    expect(JSON.parse(rowAsJson(document))).toEqual({ id: 'a|b', tags: ['x'], text: '[not json' });
    expect(rowAsMarkdown(document)).toContain('| id | a\\|b |');
  });

  it('offer facets that published sets have', () => {
    const found = usualFacets(['url', 'text', 'metadata.language', 'dump'].map((name) => column(name)));
    expect(found).toEqual([
      { column: 'metadata.language' },
      { column: 'url', part: 'host' },
      { column: 'dump' },
    ]);
  });
});
