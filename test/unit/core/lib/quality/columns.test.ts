// Which columns are recognised, by name and type alone.
import { describe, expect, it } from 'vitest';
import { structFields } from '../../../../../core/lib/quality/duckdb-types.ts';
import {
  factsOfPath,
  findHeadColumn,
  isScoreColumn,
  type Leaf,
  recogniseColumns,
} from '../../../../../core/lib/quality/recognise-columns.ts';

const leaf = (name: string, kind: Leaf['kind']): Leaf => ({ name, path: name.split('.'), kind });

describe('struct types', () => {
  it('are taken apart at any depth', () => {
    expect(
      structFields('STRUCT(a VARCHAR, "b c" STRUCT(d DECIMAL(10,2), e INTEGER[]), "q""x" DOUBLE)'),
    ).toEqual([
      { name: 'a', type: 'VARCHAR' },
      { name: 'b c', type: 'STRUCT(d DECIMAL(10,2), e INTEGER[])' },
      { name: 'q"x', type: 'DOUBLE' },
    ]);
    expect(structFields('STRUCT("with, comma)" BIGINT)')).toEqual([{ name: 'with, comma)', type: 'BIGINT' }]);
    expect(structFields('VARCHAR')).toBeNull();
    expect(structFields('STRUCT(a VARCHAR)[]')).toBeNull();
  });
});

describe('columns', () => {
  it('of FineWeb-2 removed', () => {
    const columns = ['text', 'id', 'dump', 'language', 'language_script', 'filter_reason'].map((name) =>
      leaf(name, 'text'),
    );
    const found = recogniseColumns([
      ...columns,
      leaf('language_score', 'number'),
      leaf('score_gemma', 'number'),
    ]);
    expect(found).toEqual({
      text: 'text',
      id: 'id',
      language: 'language',
      script: 'language_script',
      folderLanguage: null,
      kept: null,
      filterReason: 'filter_reason',
      tokens: null,
      scores: ['score_gemma'],
    });
  });

  it('of source code and of nested metadata, a column of its own first', () => {
    const found = recogniseColumns([
      leaf('content', 'text'),
      leaf('metadata.language', 'text'),
      leaf('metadata.token_count', 'number'),
      leaf('metadata.id', 'text'),
      leaf('id', 'text'),
      leaf('edu_score.Gemma', 'number'),
    ]);
    expect(found).toMatchObject({
      text: 'content',
      id: 'id',
      language: 'metadata.language',
      tokens: 'metadata.token_count',
      scores: ['edu_score.Gemma'],
    });
  });

  it('the confidence of a language detector is no quality', () => {
    for (const name of [
      'language_score',
      'full_doc_lid_score',
      'page_average_lid_score',
      'metadata.language_score',
    ]) {
      expect(isScoreColumn(leaf(name, 'number')), name).toBe(false);
    }
    for (const name of ['score', 'int_score', 'score_Edu-JQL-Gemma-SF', 'quality_score']) {
      expect(isScoreColumn(leaf(name, 'number')), name).toBe(true);
    }
    expect(isScoreColumn(leaf('score', 'text'))).toBe(false);
  });

  it('heads are found by their own name, with score_ before it, or as part of one name', () => {
    const leaves = ['score_Gemma_Snowflake', 'score_Llama_Snowflake', 'score_llama', 'rating'].map((name) =>
      leaf(name, 'number'),
    );
    expect(findHeadColumn('gemma', leaves)).toBe('score_Gemma_Snowflake');
    expect(findHeadColumn('llama', leaves)).toBe('score_llama');
    expect(findHeadColumn('rating', leaves)).toBe('rating');
    expect(findHeadColumn('snowflake', leaves)).toBeNull();
    expect(findHeadColumn('mistral', leaves)).toBeNull();
  });

  it.each([
    ['/x/data/deu_Latn/train/000_00000.parquet', { language: 'deu_Latn', kept: true }],
    ['C:\\x\\deu_Latn_removed\\train\\0.parquet', { language: 'deu_Latn', kept: false }],
    ['/x/deu_Latn/fra_Latn_removed/0.parquet', { language: 'fra_Latn', kept: false }],
    // Its name says the language, and only of what was removed that it was.
    ['/x/deu_Latn.parquet', { language: 'deu_Latn', kept: null }],
    ['/x/deu_Latn_removed-00003.parquet', { language: 'deu_Latn', kept: false }],
    ['/x/ita_Latn/deu_Latn.jsonl.zst', { language: 'deu_Latn', kept: null }],
    ['/x/deu_Latn_removed/deu_Latn-00003.parquet', { language: 'deu_Latn', kept: false }],
    ['/x/my_Data.parquet', { language: null, kept: null }],
    ['/x/deu_Latnx.parquet', { language: null, kept: null }],
    ['/home/deu/data/0.parquet', { language: null, kept: null }],
  ])('%s', (path, expected) => expect(factsOfPath(path)).toEqual(expected));
});
