import { describe, expect, it } from 'vitest';
import { wholeDataset } from '../../../../../../core/lib/datasets/view.ts';
import {
  completionsOf,
  nameInSql,
  wordAt,
  wordsOf,
} from '../../../../../../renderer/features/data/view/sql-words.ts';

const column = (name: string, type = 'VARCHAR') => ({ name, type, numeric: type === 'DOUBLE' });

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
