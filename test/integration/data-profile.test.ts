// Column profiles through core and the real DuckDB child, against what NumPy and pyarrow say about the same files.
import { copyFile, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ColumnProfile, DatasetProfile } from '../../core/api/dataset-profile.ts';
import { datasetView } from '../../core/lib/datasets/view.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { eventOf } from '../support/event-of.ts';
import {
  repositoryFolder,
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
} from '../support/test-core.ts';

const spread = z.object({
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  quartiles: z.array(z.number()),
  notFinite: z.number().optional(),
  counts: z.array(z.number()).optional(),
});
const expectedFile = z.record(
  z.string(),
  z.object({
    rows: z.number(),
    columns: z.record(
      z.string(),
      z.object({
        nulls: z.number(),
        numbers: spread.optional(),
        lengths: spread.optional(),
        true: z.number().optional(),
        distinct: z.number().optional(),
        top: z.array(z.tuple([z.string(), z.number()])).optional(),
      }),
    ),
  }),
);

let studio: TestCore;
let folder: TestFolder;
let expected: z.infer<typeof expectedFile>;

beforeAll(async () => {
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  studio = await startTestCore();
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'studio.yaml'), 'name: test\n');
  const fixtures = join(repositoryFolder, 'test', 'fixtures');
  await copyFile(join(fixtures, 'datasets', 'pyarrow.parquet'), join(folder.path, 'pyarrow.parquet'));
  await copyFile(
    join(repositoryFolder, 'resources', 'sample-workspace', 'data', 'documents.parquet'),
    join(folder.path, 'documents.parquet'),
  );
  await studio.client.workspace.open({ path: folder.path });
  expected = expectedFile.parse(
    JSON.parse(await readFile(join(fixtures, 'profile', 'expected.json'), 'utf8')),
  );
});
afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function profileOf(
  path: string,
  options: { firstRows?: number; viewId?: string } = {},
): Promise<DatasetProfile> {
  const { firstRows = null, viewId = null } = options;
  return (await eventOf(studio.client.datasets.profile({ path, firstRows, viewId }), 'ready')).profile;
}

const columnOf = (profile: DatasetProfile, name: string): ColumnProfile => {
  const found = profile.columns.find((column) => column.name === name);
  if (!found) throw new Error(`No column ${name}`);
  return found;
};

function expectSpread(
  actual: { min: number; max: number; mean: number; quartiles: readonly number[] } | null,
  wanted: z.infer<typeof spread>,
): void {
  expect(actual?.min).toBe(wanted.min);
  expect(actual?.max).toBe(wanted.max);
  expect(actual?.mean).toBeCloseTo(wanted.mean, Math.abs(wanted.mean) > 1e9 ? -6 : 6);
  wanted.quartiles.forEach((value, index) => expect(actual?.quartiles[index]).toBeCloseTo(value, 6));
}

describe('a profile', () => {
  it.each(['pyarrow.parquet', 'documents.parquet'])('of %s says what NumPy says', async (path) => {
    const profile = await profileOf(path);
    const file = expected[path];
    expect(profile).toMatchObject({ rows: file?.rows, totalRows: file?.rows });
    for (const [name, wanted] of Object.entries(file?.columns ?? {})) {
      const column = columnOf(profile, name);
      expect(column.nulls, name).toBe(wanted.nulls);
      if (wanted.numbers) {
        expectSpread(column.numbers, wanted.numbers);
        expect(column.numbers?.notFinite).toBe(wanted.numbers.notFinite);
        expect(column.numbers?.histogram.counts, name).toEqual(wanted.numbers.counts);
      }
      if (wanted.lengths) {
        expectSpread(column.lengths, wanted.lengths);
        const total = column.lengths?.histogram.counts.reduce((sum, count) => sum + count, 0);
        expect(total).toBe(profile.rows - column.nulls);
      }
      if (wanted.true !== undefined) {
        expect(column.values[0]).toEqual({ value: true, rows: wanted.true });
      }
      if (wanted.top && wanted.true === undefined) {
        expect(column.values.map(({ value, rows }) => [String(value), rows])).toEqual(wanted.top);
        expect(column.distinct).toEqual({ count: wanted.distinct, isExact: true });
      }
    }
  });

  it('of the first rows, and of a view, is about those rows and says so', async () => {
    const path = 'documents.parquet';
    const first = await profileOf(path, { firstRows: 100 });
    expect(first).toMatchObject({ rows: 100, totalRows: 448 });
    expect(columnOf(first, 'score_gemma').numbers?.histogram.counts.reduce((a, b) => a + b, 0)).toBe(100);
    const view = datasetView.parse({ filters: [{ kind: 'equals', column: 'language', value: 'ita' }] });
    let viewId = '';
    let rows = 0;
    for await (const event of await studio.client.datasets.openView({ path, view })) {
      if (event.kind === 'ready') ({ viewId, rows } = event);
    }
    const ofView = await profileOf(path, { viewId });
    expect(ofView).toMatchObject({ rows, totalRows: rows });
    expect(columnOf(ofView, 'language').values).toEqual([{ value: 'ita', rows }]);
    expect(await profileOf(path, { viewId, firstRows: 10 })).toMatchObject({ rows: 10, totalRows: rows });
  });

  it('is kept with the file and read again when the file changes', async () => {
    const path = 'kept.parquet';
    await copyFile(join(folder.path, 'documents.parquet'), join(folder.path, path));
    await profileOf(path);
    const cache = join(folder.path, '.studio', 'cache', 'datasets');
    const entries = (await readdir(cache)).filter((name) => name.endsWith('.profile.json'));
    expect(entries.length).toBeGreaterThan(0);
    await copyFile(join(folder.path, 'pyarrow.parquet'), join(folder.path, path));
    await utimes(join(folder.path, path), new Date(), new Date(Date.now() + 5000));
    expect(await profileOf(path)).toMatchObject({ rows: 250 });
    for (const name of entries) await writeFile(join(cache, name), '{"version":');
    expect(await profileOf('documents.parquet')).toMatchObject({ rows: 448 });
  });

  it('of no rows, of nothing but nulls, and of odd values is still a profile', async () => {
    await writeFile(join(folder.path, 'nulls.jsonl'), '{"a":null,"b":"x"}\n{"a":null,"b":null}\n');
    const nulls = await profileOf('nulls.jsonl');
    expect(columnOf(nulls, 'a')).toMatchObject({ nulls: 2, numbers: null });
    expect(columnOf(nulls, 'b')).toMatchObject({ nulls: 1, values: [{ value: 'x', rows: 1 }] });
    const none = datasetView.parse({ search: 'no such words anywhere' });
    for await (const event of await studio.client.datasets.openView({
      path: 'documents.parquet',
      view: none,
    })) {
      if (event.kind !== 'ready') continue;
      const profile = await profileOf('documents.parquet', { viewId: event.viewId });
      expect(profile.rows).toBe(0);
      expect(columnOf(profile, 'score_gemma').numbers).toBeNull();
    }
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    controller.abort();
    const input = { path: 'documents.parquet', firstRows: 7, viewId: null };
    await expect(
      (async () => {
        for await (const event of await studio.client.datasets.profile(input, { signal: controller.signal }))
          void event;
      })(),
    ).rejects.toThrow();
  });
});
