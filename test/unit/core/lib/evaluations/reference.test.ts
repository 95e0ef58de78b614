// The published tables that come with the studio: every printed mean is recomputed, and what does not agree is listed here.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  meanDisagreements,
  meanOver,
  type ReferenceTable,
  referenceTable,
  repeatedRows,
} from '../../../../../core/lib/evaluations/reference.ts';

const folder = join(import.meta.dirname, '../../../../../resources/reference/zagreus');
const tables = readdirSync(folder)
  .toSorted()
  .map((name) => ({
    name,
    table: referenceTable.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
  }));

test('all seven tables and the Evalita comparison are there under their names', () => {
  expect(tables.map(({ table }) => table.id)).toEqual([
    'evalita',
    ...[1, 2, 3, 4, 5, 6, 7].map((number) => `table-${number}`),
  ]);
  for (const { name, table } of tables) expect(name).toBe(`${table.id}.json`);
});

test('exactly four printed means are not the rounded mean of their row, all by rounding', () => {
  const found = tables.flatMap(({ table }) =>
    meanDisagreements(table).map(({ row, mean, printed, recomputed, kind }) =>
      [table.id, row, mean, printed, recomputed.toFixed(6), kind].join(' '),
    ),
  );
  expect(found).toEqual([
    'table-4 345k Media 0.3009 0.300967 rounding',
    'table-6 Qwen/Qwen3-0.6B Media Totale 0.3545 0.354412 rounding',
    'table-6 Nesso-04B-instruct Media Totale 0.3345 0.334438 rounding',
    'table-6 Nesso-04B-agentic Media Totale 0.3039 0.303813 rounding',
  ]);
});

test('rows that repeat another are found, and marked in the files', () => {
  const found = tables.flatMap(({ table }) => repeatedRows(table).map((pair) => ({ id: table.id, ...pair })));
  expect(found).toEqual([
    { id: 'table-1', row: 'v2-520k', same: 'v2-460k' },
    { id: 'table-3', row: '603k', same: '365k' },
  ]);
  for (const { id, row, same } of found) {
    const table = tables.find((one) => one.table.id === id)?.table;
    expect(table?.rows.find(({ name }) => name === row)?.flaws.join()).toContain(same);
  }
});

test('missing cells are marked, and only progressions have steps in ascending order', () => {
  for (const { table } of tables) {
    for (const row of table.rows) {
      if (row.values.includes(null)) expect(row.flaws.join()).toMatch(/missing/);
      expect(row.step === null).toBe(table.kind === 'leaderboard' && !/\d+k$/.test(row.name));
    }
    if (table.kind !== 'progression') continue;
    const steps = table.rows.map(({ step }) => step ?? 0);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  }
});

test('a mean that no rounding explains is wrong', () => {
  const [, first] = tables;
  if (!first) throw new Error('No table');
  const [row, ...rest] = first.table.rows;
  if (!row) throw new Error('No row');
  const changed: ReferenceTable = { ...first.table, rows: [{ ...row, means: [0.2851] }, ...rest] };
  expect(meanDisagreements(changed)).toMatchObject([{ row: 'v2-95k', kind: 'wrong' }]);
  expect(meanOver({ ...row, values: [null, null, null] }, [0, 1, 2])).toBeNull();
  expect(referenceTable.safeParse({ ...changed, rows: [{ ...row, values: [1] }] }).success).toBe(false);
});
