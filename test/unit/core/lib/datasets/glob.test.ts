// Globs as a person types them.
import { expect, it } from 'vitest';
import { globDepth, globMatcher, isGlob, splitGlob } from '../../../../../core/lib/datasets/glob.ts';

it('splits at the first wildcard', () => {
  expect(splitGlob('/data/ita_Latn/*.parquet')).toEqual({ base: '/data/ita_Latn', pattern: '*.parquet' });
  expect(splitGlob('/data/*/train/0.parquet')).toEqual({ base: '/data', pattern: '*/train/0.parquet' });
  expect(splitGlob('**/*.jsonl')).toEqual({ base: '', pattern: '**/*.jsonl' });
  expect(splitGlob('/a/b.parquet')).toEqual({ base: '/a', pattern: 'b.parquet' });
});

it.each([
  ['*.parquet', 'a.parquet', true],
  ['*.parquet', 'x/a.parquet', false],
  ['*.parquet', '.a.parquet', false],
  ['**/*.parquet', 'a.parquet', true],
  ['**/*.parquet', 'x/y/a.parquet', true],
  ['**/*.parquet', '.hidden/a.parquet', false],
  ['{deu,ita}_Latn/**', 'ita_Latn/train/0.parquet', true],
  ['00[0-3]?.parquet', '0021.parquet', true],
  ['00[0-3]?.parquet', '0051.parquet', false],
  ['due volte (1)/*.parquet', 'due volte (1)/a.parquet', true],
  // No way to say "all but", which would match files nobody meant.
  ['!a.parquet', 'b.parquet', false],
])('%s against %s', (pattern, path, matches) => {
  expect(globMatcher(pattern)(path)).toBe(matches);
});

it('knows how deep to look', () => {
  expect(globDepth('*.parquet')).toBe(1);
  expect(globDepth('*/train/*.parquet')).toBe(3);
  expect(globDepth('**/*.parquet')).toBe(Infinity);
  expect(globDepth('{a/b,c}/*.parquet')).toBe(Infinity);
  expect(isGlob('data/[a]')).toBe(true);
  expect(isGlob('data/a (1).parquet')).toBe(false);
});
