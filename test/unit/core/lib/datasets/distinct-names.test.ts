// Names of files and folders of which several end alike.
import { describe, expect, it } from 'vitest';
import { distinctNames } from '../../../../../core/lib/datasets/distinct-names.ts';

const names = (...paths: readonly string[]) => Object.fromEntries(distinctNames(paths));

describe('distinct names', () => {
  it('are the last part where that is enough', () => {
    expect(names('data/a.parquet', 'data/b.parquet', 'c.parquet')).toEqual({
      'data/a.parquet': 'a.parquet',
      'data/b.parquet': 'b.parquet',
      'c.parquet': 'c.parquet',
    });
  });

  it('take as many parents as tell them apart, and no more', () => {
    expect(names('fw/deu/train', 'fw/ita/train', 'fw/ita/test', 'old/ita/train')).toEqual({
      'fw/deu/train': 'deu/train',
      'fw/ita/train': 'fw/ita/train',
      'fw/ita/test': 'test',
      'old/ita/train': 'old/ita/train',
    });
  });

  it('end with the path itself, also where it is the end of another', () => {
    expect(names('train', 'data/train', 'data/train')).toEqual({
      train: 'train',
      'data/train': 'data/train',
    });
    expect(names()).toEqual({});
  });

  it('differ for ten thousand files that end alike', () => {
    const paths = Array.from({ length: 10_000 }, (_, index) => `data/${index}/train/000.parquet`);
    const found = distinctNames(paths);
    expect(new Set(found.values()).size).toBe(paths.length);
    expect(found.get('data/7/train/000.parquet')).toBe('7/train/000.parquet');
  });
});
