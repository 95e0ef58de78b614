import { describe, expect, it } from 'vitest';
import {
  cellText,
  type FigureTable,
  toCsv,
  toMarkdown,
} from '../../../../../core/lib/figures/figure-table.ts';

const table: FigureTable = {
  header: ['Language', 'Share (%)', 'Note'],
  rows: [
    ['bg', 0.1 + 0.2, 'a "quoted", text'],
    ['de|at', Number.NaN, null],
    ['el', 0, 'two\nlines'],
  ],
  format: (value) => value.toFixed(2),
};

describe('toCsv', () => {
  it('writes numbers that read back to the same value, and nothing for what is not known', () => {
    const lines = toCsv(table).split('\n');
    expect(lines[0]).toBe('Language,Share (%),Note');
    expect(Number(lines[1]?.split(',')[1])).toBe(0.1 + 0.2);
    expect(lines[1]).toContain('"a ""quoted"", text"');
    expect(lines[2]).toBe('de|at,,');
    expect(toCsv(table).endsWith('"two\nlines"\n')).toBe(true);
  });
});

describe('a text that a spreadsheet would compute', () => {
  it.each([
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['+cmd|calc', "'+cmd|calc"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-2+3', "'-2+3"],
    ['\t=1', "'\t=1"],
  ])('%s stays a text', (cell, field) => {
    expect(toCsv({ header: ['Run'], rows: [[cell]] })).toBe(`Run\n${field}\n`);
  });
  it('numbers stay numbers, written as texts too, and so do other texts', () => {
    const cells = [-1.5e-7, '-0.25', '+3', '−0.3', 'a=b', ''];
    expect(toCsv({ header: ['a', 'b', 'c', 'd', 'e', 'f'], rows: [cells] })).toBe(
      'a,b,c,d,e,f\n-1.5e-7,-0.25,+3,−0.3,a=b,\n',
    );
  });
});

describe('toMarkdown', () => {
  it('shows formatted numbers, a dash for what is not known, and keeps one line a row', () => {
    expect(toMarkdown(table).split('\n')).toEqual([
      '| Language | Share (%) | Note |',
      '| --- | ---: | --- |',
      '| bg | 0.30 | a "quoted", text |',
      '| de\\|at | – | – |',
      '| el | 0.00 | two lines |',
    ]);
  });
  it('shows every digit without a format', () => {
    expect(cellText({ header: ['x'], rows: [] }, 0.1 + 0.2, 0)).toBe('0.30000000000000004');
  });
});
