// Types of one column in several files, and the fields inside nested ones.
import { expect, it } from 'vitest';
import { convertSql, mergeTypes } from '../../../../../core/lib/datasets/merge-types.ts';
import { jsonLeaves, structLeaves, wholeColumn } from '../../../../../core/lib/datasets/nested-columns.ts';

it.each([
  ['BIGINT', 'BIGINT', 'BIGINT'],
  ['INTEGER', 'BIGINT', 'BIGINT'],
  ['FLOAT', 'INTEGER', 'DOUBLE'],
  ['FLOAT', 'DOUBLE', 'DOUBLE'],
  ['UINTEGER', 'INTEGER', 'BIGINT'],
  ['UBIGINT', 'BIGINT', 'HUGEINT'],
  ['UTINYINT', 'UBIGINT', 'UBIGINT'],
  ['UHUGEINT', 'BIGINT', 'DOUBLE'],
  ['DECIMAL(18,2)', 'BIGINT', 'DOUBLE'],
  ['VARCHAR', 'BIGINT', 'VARCHAR'],
  ['BOOLEAN', 'BIGINT', 'VARCHAR'],
  ['DATE', 'TIMESTAMP', 'VARCHAR'],
  ['VARCHAR', 'VARCHAR[]', 'JSON'],
  ['STRUCT(a BIGINT)', 'JSON', 'JSON'],
  ['STRUCT(a BIGINT)', 'STRUCT(a DOUBLE, "b c" VARCHAR)', 'STRUCT("a" DOUBLE, "b c" VARCHAR)'],
  ['STRUCT(a STRUCT(x BIGINT))', 'STRUCT(A STRUCT(y BIGINT))', 'STRUCT("a" STRUCT("x" BIGINT, "y" BIGINT))'],
])('%s with %s is %s', (left, right, merged) => {
  expect(mergeTypes(left, right)).toBe(merged);
});

it('is the same in either order, but for the order of fields', () => {
  expect(mergeTypes('INTEGER', 'UINTEGER')).toBe(mergeTypes('UINTEGER', 'INTEGER'));
  expect(mergeTypes('VARCHAR', 'DOUBLE')).toBe(mergeTypes('DOUBLE', 'VARCHAR'));
});

it('keeps a struct without a value empty', () => {
  expect(convertSql('"m"', 'STRUCT(a BIGINT)', 'STRUCT("a" DOUBLE, "b" VARCHAR)')).toBe(
    `CASE WHEN "m" IS NULL THEN NULL ELSE struct_pack("a" := (struct_extract("m", 'a'))::DOUBLE, "b" := NULL::VARCHAR) END`,
  );
});

it('finds the fields at the ends of a struct', () => {
  const found = structLeaves(
    wholeColumn('m', `STRUCT(a BIGINT, "it's" STRUCT(x DOUBLE[], y STRUCT(z INTEGER)))`),
  );
  expect(found.map(({ name, type, expression }) => [name, type, expression])).toEqual([
    ['m.a', 'BIGINT', `struct_extract("m", 'a')`],
    [`m.it's.x`, 'DOUBLE[]', `struct_extract(struct_extract("m", 'it''s'), 'x')`],
    [`m.it's.y.z`, 'INTEGER', `struct_extract(struct_extract(struct_extract("m", 'it''s'), 'y'), 'z')`],
  ]);
  expect(structLeaves(wholeColumn('l', 'STRUCT(a BIGINT)[]'))).toEqual([]);
  const wide = Array.from({ length: 300 }, (_, index) => `f${index} BIGINT`).join(', ');
  expect(structLeaves(wholeColumn('w', `STRUCT(${wide})`))).toEqual([]);
});

it('finds the fields of JSON objects, apart even when they differ only in case', () => {
  const text = JSON.stringify({
    a: 'UBIGINT',
    A: 'VARCHAR',
    in: { deep: 'BOOLEAN', list: ['DOUBLE'] },
    'x"y': 'VARCHAR',
  });
  expect(jsonLeaves(wholeColumn('m', 'JSON'), text, false).map(({ name, type }) => [name, type])).toEqual([
    ['m.a', 'DOUBLE'],
    ['m.A_1', 'VARCHAR'],
    ['m.in.deep', 'BOOLEAN'],
    ['m.in.list', 'JSON'],
  ]);
  expect(jsonLeaves(wholeColumn('m', 'JSON'), '"JSON"', false)).toEqual([]);
  expect(jsonLeaves(wholeColumn('m', 'JSON'), null, false)).toEqual([]);
});
