import { describe, expect, it } from 'vitest';
import { plainLayout } from '../../../../../../core/lib/datasets/saved-view.ts';
import {
  orderedColumns,
  shownColumns,
  withHidden,
  withMoved,
  withPinned,
  withStep,
  withWidth,
} from '../../../../../../renderer/features/data/columns/column-layout.ts';

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
