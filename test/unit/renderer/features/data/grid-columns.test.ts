import { describe, expect, it } from 'vitest';
import {
  NUMBER_WIDTH_PX,
  seesText as seesTextOf,
  widthOf,
} from '../../../../../renderer/features/data/grid-columns.ts';

const column = (name: string, numeric = false) => ({ name, type: numeric ? 'DOUBLE' : 'VARCHAR', numeric });

const seesText = (columns: Parameters<typeof seesTextOf>[0], left: number, width: number) =>
  seesTextOf(columns, columns.map(widthOf), left, width);

describe('seesText', () => {
  const columns = [
    column('id'),
    ...Array.from({ length: 20 }, (_, index) => column(`score_${index}`, true)),
    column('text'),
  ];
  const textLeft = NUMBER_WIDTH_PX + columns.slice(0, -1).reduce((sum, one) => sum + widthOf(one), 0);

  it('is false while the text column lies right of the visible part', () => {
    expect(seesText(columns, 0, 900)).toBe(false);
    expect(seesText(columns, textLeft - 900, 900)).toBe(false);
  });

  it('is true as soon as one pixel of it shows, and false again behind it', () => {
    expect(seesText(columns, textLeft - 899, 900)).toBe(true);
    expect(seesText([column('text'), ...columns.slice(0, -1)], 0, 900)).toBe(true);
    expect(seesText([column('text'), ...columns.slice(0, -1)], NUMBER_WIDTH_PX + 440, 900)).toBe(false);
  });

  it('is false without a text column', () => {
    expect(seesText([column('id')], 0, 5000)).toBe(false);
  });
});
