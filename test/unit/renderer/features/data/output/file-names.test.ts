import { expect, test } from 'vitest';
import { slugOf, stemBeside } from '../../../../../../renderer/features/data/output/file-names.ts';

test('names of people become names of files, or nothing', () => {
  expect(slugOf('Mild, all héads')).toBe('mild-all-heads');
  expect(slugOf('../…')).toBeNull();
});

test('a file made from another stands beside it, whatever that one ends in', () => {
  expect(stemBeside('data/documents.jsonl.zst', 'kept')).toBe('data/documents-kept');
  expect(stemBeside('data/documents.tsv.gz', 'view')).toBe('data/documents-view');
  expect(stemBeside('data/fineweb', 'kept')).toBe('data/fineweb-kept');
  expect(stemBeside('data/fineweb/', 'scored')).toBe('data/fineweb-scored');
  expect(stemBeside('data/web/**/*.parquet', 'view')).toBe('data/web-view');
  expect(stemBeside('data/part-[0-9].jsonl', 'view')).toBe('data/part-0-9-view');
});
