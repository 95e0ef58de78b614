// Conditions and orders in SQL that a person wrote: what DuckDB's parser says about them, what is refused, and what they keep.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ErrorCode } from '../../core/api/errors.ts';
import { type DatasetView, datasetView } from '../../core/lib/datasets/view.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import {
  repositoryFolder,
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
} from '../support/test-core.ts';

const path = 'documents.jsonl';
const line = z.object({ id: z.string(), text: z.string(), language: z.string(), token_count: z.number() });
type Line = z.infer<typeof line> & { readonly row: number };

let studio: TestCore;
let folder: TestFolder;
let lines: readonly Line[];

beforeAll(async () => {
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  studio = await startTestCore();
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'studio.yaml'), 'name: test\n');
  const sample = join(repositoryFolder, 'resources', 'sample-workspace', 'data', path);
  await copyFile(sample, join(folder.path, path));
  await studio.client.workspace.open({ path: folder.path });
  lines = (await readFile(sample, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((json, row) => ({ ...line.parse(JSON.parse(json)), row }));
});
afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const view = (value: unknown): DatasetView => datasetView.parse(value);
const code = (wanted: ErrorCode) => expect.objectContaining({ code: wanted }) as Error;
const check = (text: string, part: 'condition' | 'order' = 'condition') =>
  studio.client.datasets.checkSql({ path, part, text });

async function rowsOf(value: unknown, file = path): Promise<readonly number[]> {
  for await (const event of await studio.client.datasets.openView({ path: file, view: view(value) })) {
    if (event.kind !== 'ready') continue;
    const page = await studio.client.datasets.viewPage({
      viewId: event.viewId,
      first: 0,
      limit: 1000,
      columns: [],
    });
    return page.rowNumbers;
  }
  throw new Error('The view did not open');
}
const where = (keep: (document: Line) => boolean) => lines.filter(keep).map(({ row }) => row);
const codePoints = (text: string): number => Array.from(text).length;
const sql = (condition: string, negated = false) => ({ kind: 'sql', condition, negated });

describe('a condition in SQL', () => {
  it('keeps what the same condition keeps in JavaScript, alone, negated and with other filters', async () => {
    const long = ({ text, token_count: tokens }: Line) => codePoints(text) > 500 && tokens % 2 === 0;
    const condition = `length("text") > 500 AND token_count % 2 = 0 -- even`;
    expect(await rowsOf({ filters: [sql(condition)] })).toEqual(where(long));
    expect(await rowsOf({ filters: [sql(condition, true)] })).toEqual(where((document) => !long(document)));
    const both = [
      sql(`language = 'ita' OR language = 'spa'`),
      { kind: 'contains', column: 'text', text: 'la ' },
    ];
    expect(await rowsOf({ filters: both })).toEqual(
      where(({ language, text }) => ['ita', 'spa'].includes(language) && text.toLowerCase().includes('la ')),
    );
    const listed = `list_filter([1, 2, 3], x -> x > 2)[1] = 3 AND token_count BETWEEN 100 AND 300`;
    expect(await rowsOf({ filters: [sql(listed)] })).toEqual(
      where(({ token_count: tokens }) => tokens >= 100 && tokens <= 300),
    );
  });

  it('sorts by an expression, ties in the order of the file', async () => {
    const byLength = lines.toSorted((a, b) => codePoints(b.text) - codePoints(a.text)).map(({ row }) => row);
    expect(await rowsOf({ sort: { sql: 'length("text") DESC' } })).toEqual(byLength);
    expect(await check('"token_count" DESC', 'order')).toEqual({
      kind: 'ok',
      columnOrder: { column: 'token_count', descending: true },
    });
    expect(await check('length("text"), id', 'order')).toEqual({ kind: 'ok', columnOrder: null });
  });

  it('that is wrong says so at its place', async () => {
    const at = async (text: string, part: 'condition' | 'order' = 'condition') => {
      const found = await check(text, part);
      return found.kind === 'problem' ? [found.problem.message, found.problem.at] : 'ok';
    };
    expect(await at('token_count >')).toEqual([expect.stringContaining('yntax error'), 13]);
    expect(await at("'è' = token_cout")).toEqual([
      expect.stringContaining('no column token_cout'),
      "'è' = ".length,
    ]);
    expect(await at('token_count = 1; SELECT 2')).toEqual([expect.stringContaining('Only one'), null]);
    expect(await at('token_count')).toEqual([expect.stringContaining('not true or false'), null]);
    expect(await at('lengthh(text) > 1')).toEqual([expect.stringContaining('no function lengthh'), 0]);
    expect(await at('lower(token_count, 3) = 1')).toEqual([
      expect.stringContaining('No function matches'),
      null,
    ]);
    expect(await at('')).toEqual([expect.any(String), null]);
    expect(await at('id, ', 'order')).toEqual([expect.stringContaining('yntax error'), expect.any(Number)]);
  });

  it.each([
    `id IN (SELECT content FROM read_text('/etc/passwd'))`,
    `EXISTS (FROM '/etc/passwd')`,
    `(SELECT count(*) FROM read_csv('/etc/passwd')) > 0`,
    `true) UNION SELECT * FROM read_text('/etc/passwd') --`,
    `true) OR (true`,
    `true LIMIT 1`,
    `true GROUP BY ALL`,
    `true; COPY (SELECT 1) TO 'x.csv'`,
    `read_text('/etc/passwd') IS NOT NULL`,
    `getenv('HOME') = 'x'`,
    `current_setting('temp_directory') = 'x'`,
    `nextval('s') > 1`,
    `sleep_ms(100000) IS NULL`,
    `error('x') IS NULL`,
    `query('SELECT 1') = 1`,
    `row_number() OVER () > 1`,
    `count(*) > 1`,
    `random() > 0.5`,
    `COLUMNS('.*') = 1`,
    `$1 = 1`,
    `/* open`,
  ])('is refused: %s', async (condition) => {
    expect((await check(condition)).kind).toBe('problem');
    await expect(rowsOf({ filters: [sql(condition)] })).rejects.toThrow(code('INVALID_INPUT'));
    const filters = view({ filters: [sql(condition)] });
    await expect(
      studio.client.datasets.values({ path, view: filters, column: 'language', limit: 5 }),
    ).rejects.toThrow(code('INVALID_INPUT'));
  });

  it.each([`id; DROP TABLE t`, `(SELECT 1)`, `id LIMIT 1`, `random()`, `ALL`, `1, (FROM '/etc/passwd')`])(
    'as an order is refused: %s',
    async (order) => {
      expect((await check(order, 'order')).kind).toBe('problem');
      await expect(rowsOf({ sort: { sql: order } })).rejects.toThrow(code('INVALID_INPUT'));
    },
  );

  it('that fails for a row, or nests beyond reason, is about the condition and not about the file', async () => {
    await expect(rowsOf({ filters: [sql('id::INTEGER > 3')] })).rejects.toThrow(code('INVALID_INPUT'));
    await expect(
      rowsOf({ filters: [sql(`${'('.repeat(1900)}true${')'.repeat(1900)}`)] }),
    ).resolves.toBeDefined();
    const deep = `${'NOT '.repeat(990)}true`;
    expect(['ok', 'problem']).toContain((await check(deep)).kind);
    expect(() => view({ filters: [sql('x'.repeat(5000))] })).toThrow();
    expect(() => view({ filters: [sql('a\0b')] })).toThrow();
  });
});

describe('values of a column', () => {
  it('are searched, and hosts are counted and chosen', async () => {
    const name = 'pages.jsonl';
    const urls = [
      'https://www.example.org/a',
      'http://user@Example.org:80/b',
      'https://other.net',
      'no address',
      null,
    ];
    await writeFile(
      join(folder.path, name),
      urls.map((url, index) => `${JSON.stringify({ id: index, url })}\n`).join(''),
    );
    const hosts = await studio.client.datasets.values({
      path: name,
      view: view({}),
      column: 'url',
      part: 'host',
      limit: 10,
    });
    expect(hosts).toMatchObject({ distinct: 2, nulls: 2, rows: 5 });
    expect(hosts.values.map(({ value, rows }) => [value, rows])).toEqual([
      ['example.org', 2],
      ['other.net', 1],
    ]);
    const filters = [{ kind: 'oneOf', column: 'url', part: 'host', values: ['example.org'] }];
    expect(await rowsOf({ filters }, name)).toEqual([0, 1]);
    const searched = await studio.client.datasets.values({
      path,
      view: view({}),
      column: 'language',
      search: 'IT',
      limit: 10,
    });
    expect(searched.values.map(({ value }) => value)).toEqual(['ita']);
    expect(searched.rows).toBe(lines.length);
  });
});

describe('the head of a file', () => {
  it('is there without an index, skips what is broken, and is none where nothing waits', async () => {
    const { head } = await studio.client.datasets.head({ path });
    expect(head?.rows).toHaveLength(50);
    const ids = head?.rows.map((row) => row[head.columns.indexOf('id')]);
    expect(ids).toEqual(lines.slice(0, 50).map(({ id }) => id));
    await writeFile(join(folder.path, 'odd.jsonl'), '{"a":1}\nnot json\n[1]\n{"a":{"b":[1]},"c":null}\n');
    expect(await studio.client.datasets.head({ path: 'odd.jsonl' })).toEqual({
      head: {
        columns: ['a', 'c'],
        rows: [
          [1, null],
          ['{"b":[1]}', null],
        ],
      },
    });
    await writeFile(join(folder.path, 't.csv'), '\uFEFFid;text\n007;"a ""b"""\n8;c\n');
    expect(await studio.client.datasets.head({ path: 't.csv' })).toEqual({
      head: {
        columns: ['id', 'text'],
        rows: [
          ['007', 'a "b"'],
          ['8', 'c'],
        ],
      },
    });
    const sources = join(repositoryFolder, 'test', 'fixtures', 'sources');
    for (const name of ['file.arrow', 'stream.arrow']) {
      await copyFile(join(sources, name), join(folder.path, name));
      const arrow = (await studio.client.datasets.head({ path: name })).head;
      expect(arrow?.columns, name).toContain('text');
      expect(arrow?.rows, name).toHaveLength(name === 'file.arrow' ? 20 : 50);
    }
    await mkdir(join(folder.path, 'many'));
    await writeFile(join(folder.path, 'many', 'a.jsonl'), '{"id":"first"}\n');
    await writeFile(join(folder.path, 'many', 'b.csv'), 'id\nsecond\n');
    expect(await studio.client.datasets.head({ path: 'many' })).toEqual({
      head: { columns: ['id'], rows: [['first']], file: 'a.jsonl' },
    });
    await writeFile(join(folder.path, 'cut.arrow'), 'ARROW1\0\0 and nothing more');
    await expect(studio.client.datasets.head({ path: 'cut.arrow' })).rejects.toThrow();
    const parquet = join(repositoryFolder, 'resources', 'sample-workspace', 'data', 'documents.parquet');
    await copyFile(parquet, join(folder.path, 'whole.parquet'));
    expect(await studio.client.datasets.head({ path: 'whole.parquet' })).toEqual({ head: null });
    await expect(studio.client.datasets.head({ path: '../outside.jsonl' })).rejects.toThrow(
      code('INVALID_INPUT'),
    );
  });
});
