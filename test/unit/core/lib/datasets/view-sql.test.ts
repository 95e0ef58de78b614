// Views as SQL: hostile names and values stay names and values.
import { describe, expect, it } from 'vitest';
import { datasetView } from '../../../../../core/lib/datasets/view.ts';
import {
  type StatementSource,
  viewCondition,
  viewOrder,
  ViewProblem,
  viewStatement,
} from '../../../../../core/lib/datasets/view-sql.ts';

const table = {
  columns: [
    { name: 'text', type: 'VARCHAR', numeric: false },
    { name: 'score', type: 'FLOAT', numeric: true },
    { name: 'count', type: 'BIGINT', numeric: true },
    { name: 'a" OR 1=1 --', type: 'VARCHAR', numeric: false },
    { name: 'tags', type: 'VARCHAR[]', numeric: false },
  ],
  textColumn: 'text',
};
const file = (path: string): StatementSource => ({
  path,
  kind: 'file',
  files: [{ name: path, format: 'parquet' }],
});
const condition = (...filters: readonly unknown[]) => viewCondition(datasetView.parse({ filters }), table);

describe('a view as SQL', () => {
  it('quotes names and values', () => {
    expect(condition({ kind: 'equals', column: 'a" OR 1=1 --', value: "x'); DROP TABLE t; --" })).toBe(
      `("a"" OR 1=1 --" IN ('x''); DROP TABLE t; --'))`,
    );
    expect(condition({ kind: 'contains', column: 'text', text: "100%_'" })).toBe(
      `(contains(lower("text"), lower('100%_''')))`,
    );
  });

  it('keeps NaN out of ranges and missing values in their negation', () => {
    expect(
      condition({ kind: 'range', column: 'score', from: 2, to: 3, includesTo: false, negated: true }),
    ).toBe(
      `(NOT coalesce((NOT isnan("score") AND "score" >= '2'::DOUBLE AND "score" < '3'::DOUBLE), false))`,
    );
    expect(condition({ kind: 'range', column: 'count' })).toBe('("count" IS NOT NULL)');
  });

  it('compares numbers as numbers and the rest as text', () => {
    expect(condition({ kind: 'oneOf', column: 'count', values: [1, '9007199254740993'] })).toBe(
      `("count" IN ('1'::DOUBLE) OR "count"::VARCHAR IN ('9007199254740993'))`,
    );
    expect(condition({ kind: 'equals', column: 'text', value: 5 })).toBe(`("text" IN ('5'))`);
    expect(condition({ kind: 'contains', column: 'tags', text: 'x' })).toContain('to_json("tags")::VARCHAR');
  });

  it('orders with NaN last and the file as the last word', () => {
    const sorted = (column: string) => datasetView.parse({ sort: { column, descending: true } });
    expect(viewOrder(sorted('score'), table, 'n')).toBe(
      'CASE WHEN NOT isnan("score") THEN "score" END DESC NULLS LAST, n',
    );
    expect(viewOrder(sorted('text'), table, null)).toBe('"text" DESC NULLS LAST');
    expect(viewOrder(datasetView.parse({}), table, 'n')).toBeNull();
  });

  it('is one statement a person can copy', () => {
    const view = datasetView.parse({
      filters: [{ kind: 'equals', column: 'text', value: 'a AND (b' }],
      search: 'Roma',
      sort: { column: 'count' },
    });
    expect(viewStatement(view, table, file("data/it's.parquet"))).toBe(
      [
        `SELECT * FROM 'data/it''s.parquet'`,
        `WHERE ("text" IN ('a AND (b'))`,
        `  AND (contains(lower("text"), lower('Roma')))`,
        `ORDER BY "count" ASC NULLS LAST`,
      ].join('\n'),
    );
    expect(viewStatement(datasetView.parse({}), table, file('x'))).toBe(`SELECT * FROM 'x'`);
  });

  it('names the files of a folder, and fields where they lie', () => {
    const nested = {
      ...table,
      columns: [{ name: 'm.a b', path: ['m', 'a b'], type: 'BIGINT', numeric: true }],
    };
    const view = datasetView.parse({ filters: [{ kind: 'range', column: 'm.a b', from: 1 }] });
    const folder: StatementSource = {
      path: 'data/x',
      kind: 'folder',
      files: [
        { name: 'a.parquet', format: 'parquet' },
        { name: 'b.jsonl.zst', format: 'jsonl.zst' },
      ],
    };
    expect(viewStatement(view, nested, folder)).toBe(
      [
        `SELECT * FROM (FROM read_parquet('data/x/**/*.parquet', union_by_name = true) UNION ALL BY NAME FROM read_json('data/x/**/*.jsonl*', union_by_name = true))`,
        `WHERE ("m"."a b" IS NOT NULL AND "m"."a b" >= '1'::DOUBLE)`,
      ].join('\n'),
    );
    const glob: StatementSource = {
      path: 'x/*.csv',
      kind: 'glob',
      files: [{ name: 'a.csv', format: 'csv' }],
    };
    expect(viewStatement(datasetView.parse({}), table, glob)).toBe(
      `SELECT * FROM read_csv('x/*.csv', union_by_name = true)`,
    );
    // Inside the studio the field is a column of its own.
    expect(viewCondition(view, nested)).toContain('"m.a b" >=');
  });

  it('says what cannot be', () => {
    expect(() => condition({ kind: 'isNull', column: 'gone' })).toThrow(ViewProblem);
    expect(() => condition({ kind: 'range', column: 'text', from: 1 })).toThrow('holds VARCHAR, not numbers');
    expect(() => viewCondition(datasetView.parse({ search: 'x' }), { ...table, textColumn: null })).toThrow(
      'no text column',
    );
  });
});
