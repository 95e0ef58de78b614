// Pages of rows through core and the real DuckDB child: the rows that are read ahead never change what a page says. Every page is
// compared with DuckDB asked in this process.
import { open as openFile } from 'node:fs/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetPage } from '../../core/api/dataset-rows.ts';
import type { ErrorCode } from '../../core/api/errors.ts';
import { createDatasetEngine, type DatasetEngine } from '../../core/services/datasets/engine.ts';
import { createDatasetLibrary, type DatasetLibrary } from '../../core/services/datasets/library.ts';
import { readPage } from '../../core/services/datasets/page.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { openSql, type Sql } from '../support/scored-corpus.ts';
import { repositoryFolder, type TestFolder, temporaryFolder } from '../support/test-core.ts';

const COLUMNS = ['text', 'id', 'odd'];
/** The smallest that DuckDB writes. */
const GROUP_ROWS = 2048;

let folder: TestFolder;
let sql: Sql;
let engine: DatasetEngine;
let library: DatasetLibrary;

beforeAll(async () => {
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  folder = await temporaryFolder();
  sql = await openSql();
  engine = createDatasetEngine({ spawn: () => spawnChild(repositoryFolder, 'native-duckdb') });
  library = createDatasetLibrary({ engine, cacheFolder: async () => join(folder.path, 'cache') });
});
afterAll(async () => {
  await engine.dispose();
  sql[Symbol.dispose]();
  await folder[Symbol.asyncDispose]();
});

const code = (wanted: ErrorCode) => expect.objectContaining({ code: wanted }) as Error;

/** Rows from `first`, which say their number: texts of 320 characters, a null in every seventh row. */
async function write(path: string, first: number, rows: number, mark = ''): Promise<void> {
  await sql.run(`COPY (SELECT i::INTEGER AS id,
      '${mark}' || i || ' ' || array_to_string(list_transform(range(10), lambda w: md5((i * 10 + w)::VARCHAR)), '') AS text,
      CASE WHEN i % 7 = 0 THEN NULL ELSE i % 2 = 1 END AS odd FROM range(${first}, ${first + rows}) r(i))
    TO '${path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${GROUP_ROWS})`);
}

async function page(
  path: string,
  firstRow: number,
  limit: number,
  signal?: AbortSignal,
): Promise<DatasetPage> {
  return readPage(engine, await library.open(path), { firstRow, limit, columns: COLUMNS, signal });
}

function expected(first: number, rows: number, mark = ''): Promise<unknown> {
  return sql.rows(`SELECT '${mark}' || i || ' ' || array_to_string(list_transform(range(10), lambda w: md5((i * 10 + w)::VARCHAR)), ''),
    i::INTEGER, CASE WHEN i % 7 = 0 THEN NULL ELSE i % 2 = 1 END FROM range(${first}, ${first + rows}) r(i) ORDER BY i`);
}

describe('a folder of two files with several row groups', () => {
  let data: string;

  beforeAll(async () => {
    data = join(folder.path, 'data');
    await mkdir(data);
    await write(join(data, 'a.parquet'), 0, 5000);
    await write(join(data, 'b.parquet'), 5000, 1234);
  });

  it.each([
    { name: 'the start', first: 0, limit: 100, rows: 100 },
    { name: 'pages beside each other', first: 100, limit: 100, rows: 100 },
    { name: 'the border of two blocks', first: 450, limit: 100, rows: 100 },
    { name: 'the border of two row groups', first: 2000, limit: 100, rows: 100 },
    { name: 'the border of two files', first: 4980, limit: 100, rows: 100 },
    { name: 'more rows than are read ahead', first: 30, limit: 900, rows: 900 },
    { name: 'a page that goes past the end', first: 6200, limit: 100, rows: 34 },
    { name: 'the last row', first: 6233, limit: 1, rows: 1 },
  ])('gives $name as it is', async ({ first, limit, rows }) => {
    const found = await page(data, first, limit);
    expect(found.rows).toEqual(await expected(first, rows));
    // Again, from what is at hand.
    expect((await page(data, first, limit)).rows).toEqual(found.rows);
  });

  it('gives nothing past the end, and says which columns there are', async () => {
    expect((await page(data, 6234, 100)).rows).toEqual([]);
    const source = await library.open(data);
    const unknown = readPage(engine, source, { firstRow: 9000, limit: 1, columns: ['nothing'] });
    await expect(unknown).rejects.toThrow(code('INVALID_INPUT'));
  });

  it('answers many at once, whatever becomes of some of them', async () => {
    const given = new AbortController();
    const places = [3000, 3100, 3200, 1000, 1100, 4000, 5100, 5600];
    // Those that are given up came first, so that others wait for what they read.
    const leaving = places.map((first) => page(data, first, 100, given.signal).catch(() => null));
    const staying = places.map((first) => page(data, first, 100));
    given.abort();
    for (const [index, found] of (await Promise.all(staying)).entries()) {
      expect(found.rows).toEqual(await expected(places[index] ?? 0, 100));
    }
    await Promise.all(leaving);
  });
});

it('shows the rows of a file that was written again', async () => {
  const path = join(folder.path, 'again.parquet');
  await write(path, 0, 3000, 'before ');
  expect((await page(path, 500, 3)).rows).toEqual(await expected(500, 3, 'before '));
  await write(path, 0, 3000, 'behind ');
  // A file system may give both the same time: then its size has to tell.
  await write(path, 0, 3001, 'behind ');
  expect((await page(path, 500, 3)).rows).toEqual(await expected(500, 3, 'behind '));
});

it('gives the rows before a damaged part of a file, though it would have read on', async () => {
  const path = join(folder.path, 'holed.parquet');
  await write(path, 0, 2 * GROUP_ROWS);
  const [[start, end] = []] =
    await sql.rows(`SELECT min(coalesce(dictionary_page_offset, data_page_offset))::INTEGER,
      max(data_page_offset + total_compressed_size)::INTEGER FROM parquet_metadata('${path}') WHERE row_group_id = 1`);
  const file = await openFile(path, 'r+');
  await file.write(Buffer.alloc(Number(end) - Number(start), 0xa5), 0, undefined, Number(start));
  await file.close();
  expect((await page(path, 2000, 40)).rows).toEqual(await expected(2000, 40));
  await expect(page(path, 2040, 40)).rejects.toThrow(code('CORRUPT_FILE'));
});

it('reads an empty file and one row', async () => {
  await mkdir(join(folder.path, 'small'));
  await write(join(folder.path, 'small', 'none.parquet'), 0, 0);
  await write(join(folder.path, 'small', 'one.parquet'), 0, 1);
  await writeFile(join(folder.path, 'small', 'lines.jsonl'), '{"text":"x","id":9,"odd":true}\n');
  expect((await page(join(folder.path, 'small', 'none.parquet'), 0, 10)).rows).toEqual([]);
  const rows = (await page(join(folder.path, 'small'), 0, 10)).rows;
  expect(rows).toEqual([['x', 9, true], ...((await expected(0, 1)) as unknown[])]);
});
