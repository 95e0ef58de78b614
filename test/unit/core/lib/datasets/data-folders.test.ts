// Folders that open as one dataset.
import { expect, it } from 'vitest';
import { dataFolders } from '../../../../../core/lib/datasets/data-folders.ts';

const files = (...paths: readonly string[]) => paths.map((path) => ({ path, sizeBytes: 10 }));

it('are those with several files, the innermost of those with the same', () => {
  const found = dataFolders(
    files(
      'data/ita_Latn/train/0.parquet',
      'data/ita_Latn/train/1.parquet',
      'data/deu_Latn/train/0.parquet',
      'alone/0.parquet',
      'top.parquet',
      'other.parquet',
    ),
  );
  expect(found).toEqual([
    { path: 'data', files: 3, sizeBytes: 30 },
    { path: 'data/ita_Latn/train', files: 2, sizeBytes: 20 },
  ]);
});

it('are not where runs and annotations are', () => {
  expect(
    dataFolders(files('runs/a/0.jsonl', 'runs/a/1.jsonl', 'annotations/x/a.jsonl', 'annotations/x/b.jsonl')),
  ).toEqual([]);
  expect(dataFolders([])).toEqual([]);
});
