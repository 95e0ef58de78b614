// Datasets of several files through core and the real DuckDB child: folders and globs of files by pyarrow, nested columns, files
// that differ, that are damaged, that lead outside. Every row says its number, so that it can be told where it must be.
import { copyFile, mkdir, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportViewEvent } from '../../core/api/dataset-rows.ts';
import type { DatasetInfo } from '../../core/api/dataset-shape.ts';
import type { ErrorCode } from '../../core/api/errors.ts';
import { type DatasetView, datasetView } from '../../core/lib/datasets/view.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { eventOf } from '../support/event-of.ts';
import {
  repositoryFolder,
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
} from '../support/test-core.ts';
import { openSql, type Sql } from '../support/scored-corpus.ts';

const fixtures = join(repositoryFolder, 'test', 'fixtures', 'sources');
const ROWS = 350;

let studio: TestCore;
let folder: TestFolder;
let sql: Sql;

beforeAll(async () => {
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  studio = await startTestCore();
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'studio.yaml'), 'name: test\n');
  const data = join(folder.path, 'data');
  await mkdir(data);
  for (const name of await readdir(fixtures)) {
    if (/^00\d/.test(name)) await copyFile(join(fixtures, name), join(data, name));
  }
  await copyFile(join(fixtures, 'embeddings.parquet'), join(folder.path, 'embeddings.parquet'));
  await studio.client.workspace.open({ path: folder.path });
  sql = await openSql();
});
afterAll(async () => {
  sql[Symbol.dispose]();
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const code = (wanted: ErrorCode) => expect.objectContaining({ code: wanted }) as Error;
const view = (value: unknown): DatasetView => datasetView.parse(value);

async function open(path: string, skipDamaged = false): Promise<DatasetInfo> {
  return (await eventOf(studio.client.datasets.open({ path, skipDamaged }), 'ready')).dataset;
}

async function openView(path: string, value: unknown): Promise<{ viewId: string; rows: number }> {
  return eventOf(studio.client.datasets.openView({ path, view: view(value) }), 'ready');
}

async function exportView(
  path: string,
  output: string,
  format: 'parquet' | 'jsonl.zst' | 'ids',
  value: unknown = {},
): Promise<Extract<ExportViewEvent, { kind: 'done' }>> {
  const wish = { path, view: view(value), output, format, overwrite: true } as const;
  return eventOf(studio.client.datasets.exportView(wish), 'done');
}

describe('a folder of files that differ', () => {
  it('is one dataset with global row numbers, and says what was done', async () => {
    const info = await open('data');
    expect(info).toMatchObject({ kind: 'folder', format: 'mixed', rows: ROWS, fileColumn: 'file' });
    expect(info.files.map(({ name, rows, firstRow }) => [name, rows, firstRow])).toEqual([
      ['000_00000.parquet', 200, 0],
      ['001_00000.parquet', 0, 200],
      ['002_00000.parquet', 100, 200],
      ['003_00000.jsonl', 50, 300],
    ]);
    expect(info.columns.map(({ name, type }) => [name, type])).toEqual([
      ['text', 'VARCHAR'],
      ['id', 'VARCHAR'],
      ['metadata.language', 'VARCHAR'],
      ['metadata.token_count', 'BIGINT'],
      ['metadata.scores.edu', 'DOUBLE'],
      ['metadata.scores.label', 'VARCHAR'],
      ['metadata.tags', 'JSON'],
      ['score', 'DOUBLE'],
      ['grade', 'VARCHAR'],
      ['extra', 'VARCHAR'],
      ['file', 'VARCHAR'],
    ]);
    expect(info.notes).toEqual([
      'score is FLOAT or INTEGER or BIGINT in the files: read as DOUBLE',
      'grade is missing in 1 of 3 files: empty there',
      'grade is BIGINT or text in the files: read as text',
      'extra is missing in 2 of 3 files: empty there',
      'metadata.tags is a list or an object in the files: read as an object',
    ]);
  });

  it('pages across the border of two files', async () => {
    await open('data');
    const columns = ['id', 'score', 'grade', 'metadata.language', 'file'];
    const page = await studio.client.datasets.page({ path: 'data', firstRow: 198, limit: 4, columns });
    expect(page.rows).toEqual([
      ['id-198', 49.5, '198', 'ita', '000_00000.parquet'],
      ['id-199', 49.75, '199', null, '000_00000.parquet'],
      ['id-200', null, null, 'spa', '002_00000.parquet'],
      ['id-201', 201, null, 'ita', '002_00000.parquet'],
    ]);
    const last = await studio.client.datasets.page({
      path: 'data',
      firstRow: 298,
      limit: 9,
      columns: ['id'],
    });
    expect(last.rows).toEqual(Array.from({ length: 9 }, (_, index) => [`id-${298 + index}`]));
    const beyond = await studio.client.datasets.page({ path: 'data', firstRow: ROWS, limit: 5, columns });
    expect(beyond.rows).toEqual([]);
  });

  it('gives the same row to page, document and view, all the way through', async () => {
    const wanted = Array.from({ length: ROWS }, (_, row) => [`id-${row}`]);
    const pages = await studio.client.datasets.page({
      path: 'data',
      firstRow: 0,
      limit: 1000,
      columns: ['id'],
    });
    expect(pages.rows).toEqual(wanted);
    const { viewId } = await openView('data', { filters: [{ kind: 'isNotNull', column: 'id' }] });
    const viewed = await studio.client.datasets.viewPage({ viewId, first: 0, limit: 1000, columns: ['id'] });
    expect(viewed.rows).toEqual(wanted);
    expect(viewed.rowNumbers).toEqual(wanted.map((_, row) => row));
    const document = await studio.client.datasets.document({ path: 'data', row: 302 });
    const fields = new Map(document.fields.map(({ name, value }) => [name, value]));
    expect(fields.get('text')).toBe('Document 302');
    expect(fields.get('metadata.scores.edu')).toBe(302 / 8);
    expect(fields.get('metadata.tags')).toBe('[]');
    expect(fields.get('file')).toBe('003_00000.jsonl');
  });

  it('filters, sorts, searches and counts by fields inside nested columns', async () => {
    const { viewId, rows } = await openView('data', {
      filters: [
        { kind: 'equals', column: 'metadata.language', value: 'deu' },
        { kind: 'range', column: 'metadata.scores.edu', from: 24 },
      ],
      sort: { column: 'metadata.scores.edu', descending: true },
    });
    const expected = Array.from({ length: ROWS }, (_, row) => row)
      .filter((row) => row % 7 !== 3 && row % 3 === 1 && row / 8 >= 24)
      .reverse();
    expect(rows).toBe(expected.length);
    const page = await studio.client.datasets.viewPage({ viewId, first: 0, limit: 1000, columns: ['id'] });
    expect(page.rowNumbers).toEqual(expected);
    expect(page.rows).toEqual(expected.map((row) => [`id-${row}`]));

    const files = await studio.client.datasets.values({
      path: 'data',
      view: view({ search: 'document 30' }),
      column: 'file',
      limit: 10,
    });
    expect(files.values).toEqual([
      { value: '003_00000.jsonl', rows: 10, truncated: false },
      { value: '000_00000.parquet', rows: 1, truncated: false },
    ]);
    const histogram = await studio.client.datasets.histogram({
      path: 'data',
      column: 'metadata.scores.edu',
      bins: 4,
    });
    const values = Array.from({ length: ROWS }, (_, row) => row).filter((row) => row % 7 !== 3);
    expect(histogram.rows).toBe(ROWS);
    expect(histogram.nulls).toBe(ROWS - values.length);
    expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
    expect(histogram.edges.at(-1)).toBe(349 / 8);
  });

  it('exports the nested shape of the files, and the export opens again', async () => {
    const some = { filters: [{ kind: 'range', column: 'metadata.scores.edu', from: 37 }] };
    const { rows } = await exportView('data', 'kept.parquet', 'parquet', some);
    const expected = Array.from({ length: ROWS }, (_, row) => row).filter(
      (row) => row % 7 !== 3 && row / 8 >= 37,
    );
    expect(rows).toBe(expected.length);
    const again = await open('kept.parquet');
    expect(again.rows).toBe(rows);
    expect(again.columns.map(({ name }) => name)).toContain('metadata.scores.edu');
    expect(again.columns.map(({ name }) => name)).not.toContain('file');
    const page = await studio.client.datasets.page({
      path: 'kept.parquet',
      firstRow: 0,
      limit: 1000,
      columns: ['id', 'metadata.scores.edu', 'metadata.tags'],
    });
    expect(page.rows).toEqual(expected.map((row) => [`id-${row}`, row / 8, row % 2 ? '["a","b"]' : '[]']));
    // Of Parquet files alone the struct comes back as it was.
    await exportView('data/00[0-2]*.parquet', 'structs.parquet', 'parquet');
    const types = await sql.rows(`DESCRIBE SELECT * FROM '${join(folder.path, 'structs.parquet')}'`);
    const own = await sql.rows(`DESCRIBE SELECT * FROM '${join(fixtures, '000_00000.parquet')}'`);
    const typeOf = (rowsOf: typeof types) => rowsOf.find(([name]) => name === 'metadata')?.[1];
    expect(typeOf(types)).toBe(typeOf(own));
    const same = await sql.rows(
      `SELECT count(*) FILTER (a.metadata IS NOT DISTINCT FROM b.metadata) FROM '${join(folder.path, 'structs.parquet')}' a
       JOIN '${join(fixtures, '000_00000.parquet')}' b USING (id)`,
    );
    expect(same).toEqual([[200n]]);
    await rm(join(folder.path, 'structs.parquet'));
  });

  it('looks at the files again when one comes or goes', async () => {
    await mkdir(join(folder.path, 'growing'));
    await copyFile(join(fixtures, '000_00000.parquet'), join(folder.path, 'growing', 'a.parquet'));
    expect((await open('growing')).rows).toBe(200);
    await copyFile(join(fixtures, '002_00000.parquet'), join(folder.path, 'growing', 'b.parquet'));
    await expect.poll(async () => (await open('growing')).rows, { timeout: 120_000 }).toBe(300);
    const { viewId } = await openView('growing', { search: 'document 1' });
    await rm(join(folder.path, 'growing', 'a.parquet'));
    await expect.poll(async () => (await open('growing')).rows, { timeout: 120_000 }).toBe(100);
    await expect(
      studio.client.datasets.viewPage({ viewId, first: 0, limit: 5, columns: ['id'] }),
    ).rejects.toThrow(code('CONFLICT'));
  });
});

describe('globs', () => {
  it('opens what matches, at any depth', async () => {
    await mkdir(join(folder.path, 'deep', 'ita_Latn', 'train'), { recursive: true });
    await mkdir(join(folder.path, 'deep', '.hidden'), { recursive: true });
    const place = (name: string) =>
      copyFile(join(fixtures, '002_00000.parquet'), join(folder.path, 'deep', name));
    await place('ita_Latn/train/1.parquet');
    await place('ita_Latn/2.parquet');
    await place('.hidden/3.parquet');
    const names = async (path: string) => (await open(path)).files.map(({ name }) => name);
    expect(await names('deep/**/*.parquet')).toEqual(['ita_Latn/2.parquet', 'ita_Latn/train/1.parquet']);
    expect(await names('deep/*/train/*.parquet')).toEqual(['ita_Latn/train/1.parquet']);
    expect(await names('*/ita_Latn/{1,2}.parquet')).toEqual(['deep/ita_Latn/2.parquet']);
    const info = await open('deep/**/*.parquet');
    expect(info).toMatchObject({ kind: 'glob', rows: 200, notes: [] });
    await expect(open('deep/*.parquet')).rejects.toThrow(code('NOT_FOUND'));
    await expect(open('../**/*.parquet')).rejects.toThrow();
  });

  it('leaves out links that lead outside, and says so', async () => {
    const outside = await temporaryFolder();
    await mkdir(join(folder.path, 'linked'));
    await copyFile(join(fixtures, '000_00000.parquet'), join(outside.path, 'secret.parquet'));
    await copyFile(join(fixtures, '002_00000.parquet'), join(folder.path, 'linked', 'own.parquet'));
    await symlink(join(outside.path, 'secret.parquet'), join(folder.path, 'linked', 'secret.parquet'));
    await symlink(join(folder.path, 'embeddings.parquet'), join(folder.path, 'linked', 'inside.parquet'));
    await symlink(outside.path, join(folder.path, 'linked', 'outside'));
    const info = await open('linked');
    expect(info.files.map(({ name }) => name)).toEqual(['inside.parquet', 'own.parquet']);
    expect(info.notes[0]).toBe('1 link leads outside the workspace and is left out');
    await expect(open('linked/s*.parquet')).rejects.toThrow(code('NOT_FOUND'));
    await expect(open('linked/outside/*.parquet')).rejects.toThrow(code('INVALID_INPUT'));
    await outside[Symbol.asyncDispose]();
  });

  it('refuses an empty folder, and more files than one dataset holds', async () => {
    await mkdir(join(folder.path, 'nothing'));
    await writeFile(join(folder.path, 'nothing', 'README.md'), 'words');
    await expect(open('nothing')).rejects.toThrow(code('NOT_FOUND'));
    await mkdir(join(folder.path, 'crowd'));
    for (let index = 0; index < 1100; index += 1) {
      await writeFile(join(folder.path, 'crowd', `${String(index).padStart(5, '0')}.jsonl`), '{"a":1}\n');
    }
    await expect(open('crowd')).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: 'crowd stands for 1,100 files; at most 1,000 open as one dataset',
    });
    expect(await open('crowd/000[01]*.jsonl')).toMatchObject({ rows: 20, kind: 'glob' });
  });
});

describe('damaged files among others', () => {
  it('names the file, and opens the rest when asked to', async () => {
    await mkdir(join(folder.path, 'hurt', 'x'), { recursive: true });
    await copyFile(join(fixtures, '002_00000.parquet'), join(folder.path, 'hurt', 'good.parquet'));
    const bad = join(folder.path, 'hurt', 'x', 'bad.parquet');
    await copyFile(join(fixtures, '000_00000.parquet'), bad);
    await truncate(bad, 5000);
    await expect(open('hurt')).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: expect.stringContaining('x/bad.parquet') as string,
      data: { hint: expect.stringContaining('Or open the other files without it') as string },
    });
    const info = await open('hurt', true);
    expect(info.rows).toBe(100);
    expect(info.notes).toEqual(['x/bad.parquet is damaged and left out']);
    // From then on, everybody reads it like that.
    const page = await studio.client.datasets.page({ path: 'hurt', firstRow: 0, limit: 1, columns: ['id'] });
    expect(page.rows).toEqual([['id-200']]);
    await rm(join(folder.path, 'hurt', 'good.parquet'));
    await expect(open('hurt/**', true)).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
  });

  it('leaves them out everywhere, until a file changes', async () => {
    await mkdir(join(folder.path, 'shared'));
    const bad = join(folder.path, 'shared', 'bad.parquet');
    await copyFile(join(fixtures, '002_00000.parquet'), join(folder.path, 'shared', 'good.parquet'));
    await copyFile(join(fixtures, '000_00000.parquet'), bad);
    await truncate(bad, 5000);
    const lab = async () => {
      for await (const _ of await studio.client.quality.describe({ paths: ['shared'] }));
    };
    await expect(lab()).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    await open('shared', true);
    // The lab has a process and a library of its own; without score columns it says so, not that a file is damaged.
    const described = await lab().catch((error: unknown) => error);
    expect(described).not.toMatchObject({ code: 'CORRUPT_FILE' });
    // Another damaged file is another question.
    await truncate(bad, 4000);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await expect(open('shared')).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    // The lab trusts what it knows for some seconds.
    await expect
      .poll(() => lab().catch((error: unknown) => error), { timeout: 120_000 })
      .toMatchObject({
        code: 'CORRUPT_FILE',
      });
    // Whole again, it is one of the rows.
    await open('shared', true);
    await copyFile(join(fixtures, '000_00000.parquet'), bad);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect((await open('shared')).files).toHaveLength(2);
  });
});

it('a column of nothing but nulls takes the type of the others, without a note', async () => {
  await mkdir(join(folder.path, 'nulls'));
  for (const name of ['a-null', 'b-text', 'c-struct'])
    await copyFile(join(fixtures, 'nulls', `${name}.parquet`), join(folder.path, 'nulls', `${name}.parquet`));
  const two = await open('nulls/[ab]*.parquet');
  expect(two.notes).toEqual([]);
  expect(two.columns.map(({ name, type }) => [name, type])).toEqual([
    ['id', 'BIGINT'],
    ['value', 'VARCHAR'],
    ['file', 'VARCHAR'],
  ]);
  const page = { path: 'nulls/[ab]*.parquet', firstRow: 0, limit: 10, columns: ['id', 'value'] };
  expect((await studio.client.datasets.page(page)).rows).toEqual([
    [1, null],
    [2, null],
    [3, 'x'],
    [4, null],
  ]);
  const struct = await open('nulls/[ac]*.parquet');
  expect(struct.notes).toEqual(['value.a is missing in 1 of 2 files: empty there']);
  expect(struct.columns.map(({ name }) => name)).toEqual(['id', 'value.a', 'file']);
  const alone = await open('nulls/a-null.parquet');
  expect(alone.columns.map(({ name }) => name)).toEqual(['id', 'value']);
});

it('summarises long lists of numbers instead of reading them out', async () => {
  const columns = ['vector', 'fixed', 'chunks', 'short'];
  const page = await studio.client.datasets.page({
    path: 'embeddings.parquet',
    firstRow: 0,
    limit: 3,
    columns,
  });
  expect(page.rows).toEqual([
    ['768 numbers', '64 numbers', '1 list of 40 numbers', '[1,2,null]'],
    ['768 numbers', '64 numbers', '2 lists of 40 numbers', '[]'],
    ['768 numbers', '64 numbers', '3 lists of 40 numbers', null],
  ]);
  const document = await studio.client.datasets.document({ path: 'embeddings.parquet', row: 1 });
  expect(document.fields[1]).toMatchObject({ name: 'vector', value: '768 numbers', truncated: true });
});
