// Which columns the training dialog offers first.
import { describe, expect, it } from 'vitest';
import type { DatasetColumn } from '../../../../../../core/api/dataset-shape.ts';
import {
  columnNamed,
  idNames,
  labelColumns,
  languageNames,
} from '../../../../../../renderer/features/data/train/train-columns.ts';

const column = (name: string, numeric = true): DatasetColumn => ({
  name,
  type: numeric ? 'DOUBLE' : 'VARCHAR',
  numeric,
});
const labelsOf = (...names: readonly string[]): readonly string[] =>
  labelColumns(names.map((name) => column(name))).map(({ name }) => name);

describe('columns to train from', () => {
  it('offers what people gave before judges, heads and counts', () => {
    expect(labelsOf('token_count', 'score_gemma', 'language_score', 'rating')).toEqual([
      'rating',
      'score_gemma',
      'token_count',
      'language_score',
    ]);
    expect(labelsOf('id', 'edu_score.llama', 'score')).toEqual(['edu_score.llama', 'score', 'id']);
    expect(labelsOf('year', 'quality_score')).toEqual(['quality_score', 'year']);
  });

  it('offers numbers only', () => {
    expect(labelColumns([column('rating', false), column('stars')]).map(({ name }) => name)).toEqual([
      'stars',
    ]);
  });

  it('finds ids and languages by their usual names, as the data write them', () => {
    const columns = [column('Language', false), column('doc_id', false), column('metadata.language', false)];
    expect(columnNamed(columns, idNames)).toBe('doc_id');
    expect(columnNamed(columns, languageNames)).toBe('Language');
    expect(columnNamed(columns, ['nothing'])).toBeNull();
  });
});
