// Datasets through core and the real DuckDB child: files of other programs, damaged files, odd names, cancel and death.
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetInfo } from '../../core/api/dataset-shape.ts';
import type { OpenEvent } from '../../core/api/datasets.ts';
import type { ErrorCode } from '../../core/api/errors.ts';
import { createDatasetEngine, type DatasetEngine } from '../../core/services/datasets/engine.ts';
import { histogramCounts } from '../../core/lib/statistics/histogram.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { childPids, signalProcess } from '../support/processes.ts';
import {
  repositoryFolder,
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
  waitFor,
} from '../support/test-core.ts';

const fixtures = join(repositoryFolder, 'test', 'fixtures', 'datasets');
const sampleFolder = join(repositoryFolder, 'resources', 'sample-workspace', 'data');
/** Scanned for minutes, so that there is time to interrupt it. */
const slowSql = 'SELECT count(*) FROM range(100000) a, range(1000000) b WHERE hash(a.range, b.range) = 1';

let studio: TestCore;
let folder: TestFolder;

beforeAll(async () => {
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  studio = await startTestCore();
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'studio.yaml'), 'name: test\n');
  await studio.client.workspace.open({ path: folder.path });
});

afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function place(source: string, name: string): Promise<string> {
  await copyFile(source, join(folder.path, name));
  return name;
}

async function openEvents(path: string): Promise<readonly OpenEvent[]> {
  const events: OpenEvent[] = [];
  for await (const event of await studio.client.datasets.open({ path })) events.push(event);
  return events;
}

async function open(path: string): Promise<DatasetInfo> {
  const last = (await openEvents(path)).at(-1);
  if (last?.kind !== 'ready') throw new Error('The dataset did not open');
  return last.dataset;
}

const code = (wanted: ErrorCode) => expect.objectContaining({ code: wanted }) as Error;

describe('Parquet of another program', () => {
  it('shows columns, types, rows and the text column', async () => {
    const info = await open(await place(join(fixtures, 'pyarrow.parquet'), 'pyarrow.parquet'));
    expect(info).toMatchObject({ format: 'parquet', rows: 250, textColumn: 'text' });
    expect(info.columns.filter((column) => column.numeric).map((column) => column.name)).toEqual([
      'score',
      'tokens',
      'big',
      'price',
      'metadata.date',
    ]);
    expect(info.columns.at(-4)).toEqual({
      name: 'metadata.url',
      type: 'VARCHAR',
      numeric: false,
      path: ['metadata', 'url'],
    });
    expect(info).toMatchObject({ kind: 'file', fileColumn: null, notes: [] });
    expect(info.files).toEqual([
      { name: 'pyarrow.parquet', format: 'parquet', sizeBytes: info.sizeBytes, rows: 250, firstRow: 0 },
    ]);
  });

  it('pages by row number and previews long text', async () => {
    const path = await place(join(fixtures, 'pyarrow.parquet'), 'pyarrow.parquet');
    const columns = (await open(path)).columns.map((column) => column.name);
    const page = await studio.client.datasets.page({ path, firstRow: 3, limit: 5, columns });
    const rows = page.rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]])));
    expect(rows[0]).toEqual({
      id: 'row-3',
      text: 'Riga 3: ààààà',
      score: expect.closeTo(0.06, 6) as number,
      // 2^60 + 3 does not fit a double and stays exact as text.
      tokens: '1152921504606846979',
      big: 3,
      price: 0.75,
      kept: false,
      made: '2026-01-01 03:00:00',
      ratings: '[3,null,2]',
      'metadata.url': 'https://example.org/3',
      'metadata.date': 3,
      raw: '3 bytes',
      language: 'deu',
    });
    expect(rows[1]).toMatchObject({ big: '18446744073709551615' });
    expect(rows[4]?.['text']).toHaveLength(2049);
    expect(rows[4]?.['text']).toMatch(/…$/);
    const end = await studio.client.datasets.page({ path, firstRow: 248, limit: 100, columns: ['id'] });
    expect(end.rows).toEqual([['row-248'], ['row-249']]);
  });

  it('reads a whole document', async () => {
    const path = await place(join(fixtures, 'pyarrow.parquet'), 'pyarrow.parquet');
    const document = await studio.client.datasets.document({ path, row: 7 });
    const text = document.fields.find((field) => field.name === 'text');
    expect(text).toMatchObject({ truncated: false, value: `Riga 7: ${'à'.repeat(3000)}` });
    await expect(studio.client.datasets.document({ path, row: 250 })).rejects.toThrow(code('NOT_FOUND'));
  });

  it('counts a histogram exactly, without nulls, NaN and infinity', async () => {
    const path = await place(join(fixtures, 'pyarrow.parquet'), 'pyarrow.parquet');
    const histogram = await studio.client.datasets.histogram({ path, column: 'score', bins: 5 });
    // 25 nulls, one NaN, one infinity; the rest is i/50 for i = 1 … 249 (float32).
    expect(histogram).toMatchObject({ column: 'score', rows: 250, nulls: 27 });
    expect(histogram.edges).toHaveLength(6);
    const values = Array.from({ length: 250 }, (_, i) => Math.fround(i / 50)).filter(
      (_, i) => i % 10 !== 0 && i !== 11 && i !== 12,
    );
    const expected = histogram.counts.map((_, bin) => {
      const low = histogram.edges[bin] ?? 0;
      const high = histogram.edges[bin + 1] ?? 0;
      return values.filter((value) => value >= low && (bin === 4 ? value <= high : value < high)).length;
    });
    expect(histogram.counts).toEqual(expected);
    expect(expected.reduce((sum, count) => sum + count, 0)).toBe(223);
    await expect(studio.client.datasets.histogram({ path, column: 'text', bins: 5 })).rejects.toThrow(
      code('INVALID_INPUT'),
    );
    await expect(studio.client.datasets.histogram({ path, column: 'none', bins: 5 })).rejects.toThrow(
      code('INVALID_INPUT'),
    );
  });
});

describe('histogram edges', () => {
  it.each([
    ['tenths, which rounding puts on the wrong side of an edge', 'range * 0.1', 1000, 30],
    ['integers', '(range % 6)::BIGINT', 1000, 5],
    ['a single value', '7', 10, 4],
    ['nothing but nulls', 'NULL::DOUBLE', 10, 4],
    [
      'the whole range of doubles',
      'CASE range WHEN 0 THEN -1.7e308::DOUBLE WHEN 1 THEN 1.7e308 ELSE range END',
      50,
      8,
    ],
  ])('agree with their counts: %s', async (_, expression, rows, bins) => {
    const path = join(folder.path, 'edges.parquet');
    const engine = createDatasetEngine({ spawn: () => spawnChild(repositoryFolder, 'native-duckdb') });
    const values = `SELECT ${expression} AS x FROM range(${rows})`;
    const statements = [
      `COPY (${values}) TO '${path}' (FORMAT parquet)`,
      `SELECT x::DOUBLE FROM (${values})`,
    ];
    const [, read] = await engine.query({ path, statements });
    await engine.dispose();
    const numbers = (read?.columns[0] ?? []).filter((value): value is number => typeof value === 'number');
    const histogram = await studio.client.datasets.histogram({ path: 'edges.parquet', column: 'x', bins });
    expect(histogram.nulls).toBe(rows - numbers.length);
    expect(histogram.edges).toHaveLength(bins + 1);
    expect(histogram.counts).toEqual(histogramCounts(numbers, histogram.edges));
    expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(numbers.length);
  });
});

describe('JSON lines', () => {
  it('opens the sample documents the same in both formats', async () => {
    const jsonl = await place(join(sampleFolder, 'documents.jsonl'), 'documents.jsonl');
    const parquet = await place(join(sampleFolder, 'documents.parquet'), 'documents.parquet');
    const left = await studio.client.datasets.histogram({ path: jsonl, column: 'rating', bins: 10 });
    const right = await studio.client.datasets.histogram({ path: parquet, column: 'rating', bins: 10 });
    expect(left).toEqual(right);
    expect(left.rows).toBeGreaterThanOrEqual(360);
    const columns = ['id', 'text', 'rating', 'fw2_kept', 'filter_reason', 'ratings'];
    const request = { firstRow: 100, limit: 20, columns };
    expect(await studio.client.datasets.page({ path: jsonl, ...request })).toEqual(
      await studio.client.datasets.page({ path: parquet, ...request }),
    );
  });

  it.each(['documents.jsonl.gz', 'documents.jsonl.zst'])('reads %s', async (name) => {
    const path = await place(join(fixtures, name), name);
    expect(await open(path)).toMatchObject({ rows: 40, textColumn: 'text', brokenLines: { count: 0 } });
    const page = await studio.client.datasets.page({
      path,
      firstRow: 39,
      limit: 1,
      columns: ['id', 'text', 'score'],
    });
    expect(page.rows).toEqual([['doc-39', 'Frase numero 39. È breve.', 9.75]]);
  });

  it('counts, shows and skips broken lines', async () => {
    const path = await place(join(fixtures, 'documents-broken.jsonl'), 'broken.jsonl');
    const info = await open(path);
    expect(info.rows).toBe(40);
    expect(info.brokenLines).toEqual({
      count: 3,
      first: [
        { line: 5, reason: 'Not valid JSON', excerpt: '{"id": "cut", "text": "no end' },
        { line: 12, reason: 'Not valid JSON', excerpt: 'plain words' },
        { line: 16, reason: 'Not a JSON object', excerpt: '[1, 2, 3]' },
      ],
    });
    const page = await studio.client.datasets.page({ path, firstRow: 3, limit: 2, columns: ['id'] });
    expect(page.rows).toEqual([['doc-3'], ['doc-4']]);
  });

  it('survives foreign bytes, huge lines, mixed types and CRLF, with true line numbers', async () => {
    const lines = [
      '{"a":1,"n":{"x":1}}',
      `{"a":"${'x'.repeat(17_000_000)}"}`,
      '{"a":2}',
      '{"a":"late"}',
      '{"b"',
    ];
    const bytes = Buffer.concat([
      Buffer.from(lines.join('\r\n')),
      Buffer.from('\r\n{"a":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}\r\n{"a":3}'),
    ]);
    await writeFile(join(folder.path, 'odd.jsonl'), bytes);
    const info = await open('odd.jsonl');
    expect(info.brokenLines.first.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'Longer than 16 MiB'],
      [5, 'Not valid JSON'],
      [6, 'Not UTF-8 text'],
    ]);
    const page = await studio.client.datasets.page({
      path: 'odd.jsonl',
      firstRow: 0,
      limit: 9,
      columns: ['a', 'n'],
    });
    expect(page.rows).toEqual([
      ['1', '{"x":1}'],
      ['2', null],
      ['"late"', null],
      ['3', null],
    ]);
  });

  it('names a line without an end instead of passing over it', async () => {
    // Far longer than what is read at once: the reader of lines says nothing of it.
    const lines = [Buffer.from('{"text":"one"}\n{"text":"'), Buffer.alloc(160 * 1024 * 1024, 'a')];
    const bytes = Buffer.concat([...lines, Buffer.from('"}\n{"text":"two"}\n')]);
    await writeFile(join(folder.path, 'endless.jsonl.gz'), gzipSync(bytes, { level: 1 }));
    await expect(open('endless.jsonl.gz')).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: 'Line 2 of endless.jsonl.gz has 160 MiB; the longest that is read has 16 MiB',
    });
    await writeFile(join(folder.path, 'endless.csv'), bytes);
    await expect(open('endless.csv')).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await Promise.all(['endless.jsonl.gz', 'endless.csv'].map((name) => rm(join(folder.path, name))));
  });

  it('imports again when the file changes, not otherwise', async () => {
    const file = join(folder.path, 'growing.jsonl');
    await writeFile(file, '{"a":1}\n{"a":2}\n');
    expect((await open('growing.jsonl')).rows).toBe(2);
    await writeFile(file, '{"a":1}\n{"a":2}\n{"a":3}\n');
    await utimes(file, 1000, 1000);
    const page = await studio.client.datasets.page({
      path: 'growing.jsonl',
      firstRow: 0,
      limit: 10,
      columns: ['a'],
    });
    expect(page.rows).toEqual([[1], [2], [3]]);
  });

  it('stops an import when the caller goes away, and leaves nothing behind', async () => {
    const line = `${JSON.stringify({ text: 'parola '.repeat(40), score: 1.5 })}\n`;
    await writeFile(join(folder.path, 'long.jsonl'), line.repeat(200_000));
    const controller = new AbortController();
    const opening = (async () => {
      const events = await studio.client.datasets.open({ path: 'long.jsonl' }, { signal: controller.signal });
      for await (const event of events) if (event.kind === 'progress') controller.abort();
    })();
    await expect(opening).rejects.toThrow();
    const cache = join(folder.path, '.studio', 'cache', 'datasets');
    await waitFor(async () => (await readdir(cache)).every((name) => !name.endsWith('.tmp')));
    const info = await open('long.jsonl');
    expect(info.rows).toBe(200_000);
    expect(await openEvents('long.jsonl')).toHaveLength(1);
  });

  it('keeps keys apart that differ only in case, and nested keys as they are', async () => {
    await writeFile(
      join(folder.path, 'case.jsonl'),
      '{"Text":"a","text":"b","x":{"A":1,"a":2}}\n{"text":"c"}\n',
    );
    const info = await open('case.jsonl');
    expect(info.columns.map((column) => column.name)).toEqual(['Text', 'text_1', 'x.A', 'x.a_1']);
    const columns = ['Text', 'text_1', 'x', 'x.A', 'x.a_1'];
    const page = await studio.client.datasets.page({ path: 'case.jsonl', firstRow: 0, limit: 5, columns });
    expect(page.rows).toEqual([
      ['a', 'b', '{"A":1,"a":2}', 1, 2],
      [null, 'c', null, null, null],
    ]);
  });

  it('opens an empty file as no rows', async () => {
    await writeFile(join(folder.path, 'empty.jsonl'), '');
    expect(await open('empty.jsonl')).toMatchObject({ rows: 0, brokenLines: { count: 0 } });
  });
});

describe('names and damage', () => {
  it.each([`o'brien "x".parquet`, 'due volte [a-z]*.parquet', 'наука 科学.parquet', 'semi;colon --.parquet'])(
    'opens a file called %s',
    async (name) => {
      await mkdir(join(folder.path, 'q?'), { recursive: true });
      const path = await place(join(fixtures, 'pyarrow.parquet'), `q?/${name}`);
      expect((await open(path)).rows).toBe(250);
    },
  );

  it.skipIf(process.platform === 'win32')('opens what has a backslash in its name', async () => {
    const lines = '{"text":"one"}\n{"text":"two"}\n';
    await mkdir(join(folder.path, 'a\\b'), { recursive: true });
    for (const name of ['c\\d.jsonl', 'a\\b/x\\.jsonl']) {
      await writeFile(join(folder.path, name), lines);
      expect((await studio.client.datasets.list()).map(({ path }) => path)).toContain(name);
      expect((await open(name)).rows).toBe(2);
    }
    expect((await open('a\\b/*.jsonl')).rows).toBe(2);
    await rm(join(folder.path, 'a\\b'), { recursive: true });
  });

  it('says that a Parquet file is cut off', async () => {
    const path = await place(join(fixtures, 'pyarrow.parquet'), 'cut.parquet');
    await truncate(join(folder.path, path), 9000);
    await expect(open(path)).rejects.toThrow(code('CORRUPT_FILE'));
    await expect(open(path)).rejects.toThrow(/cut\.parquet is cut off/);
  });

  it('says that a Parquet file is damaged in the middle', async () => {
    const bytes = await readFile(join(fixtures, 'pyarrow.parquet'));
    // The table of contents at the end stays whole: only the pages are wrong.
    bytes.fill(0xa5, 4, bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8));
    await writeFile(join(folder.path, 'holed.parquet'), bytes);
    expect((await open('holed.parquet')).rows).toBe(250);
    const page = studio.client.datasets.page({
      path: 'holed.parquet',
      firstRow: 0,
      limit: 10,
      columns: ['text'],
    });
    await expect(page).rejects.toThrow(code('CORRUPT_FILE'));
  });

  it('refuses a cut-off gzip and what is no data file', async () => {
    const whole = gzipSync('{"text":"words and words"}\n'.repeat(5000) + Math.random());
    await writeFile(join(folder.path, 'cut.jsonl.gz'), whole.subarray(0, whole.length / 2));
    await expect(open('cut.jsonl.gz')).rejects.toThrow(code('CORRUPT_FILE'));
    const zst = await readFile(join(fixtures, 'documents.jsonl.zst'));
    for (const length of [3, 5, 100, zst.length - 1]) {
      await writeFile(join(folder.path, 'cut.jsonl.zst'), zst.subarray(0, length));
      await expect(open('cut.jsonl.zst')).rejects.toThrow(code('CORRUPT_FILE'));
    }
    await writeFile(join(folder.path, 'twice.jsonl.zst'), Buffer.concat([zst, zst]));
    expect((await open('twice.jsonl.zst')).rows).toBe(80);
    await writeFile(join(folder.path, 'fake.parquet'), 'not a parquet file');
    await expect(open('fake.parquet')).rejects.toThrow(code('CORRUPT_FILE'));
    await writeFile(join(folder.path, 'picture.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47]));
    await expect(open('picture.png')).rejects.toThrow(code('INVALID_INPUT'));
    await expect(open('missing.jsonl')).rejects.toThrow(code('NOT_FOUND'));
  });

  it('lists the datasets of the workspace', async () => {
    const listed = await studio.client.datasets.list();
    expect(listed).toContainEqual(
      expect.objectContaining({ path: 'documents.jsonl.zst', format: 'jsonl.zst' }),
    );
    expect(listed.some((dataset) => dataset.path === 'picture.png')).toBe(false);
  });
});

describe('the data process of a core', () => {
  it('may be killed: the person is told, and the next look works', async () => {
    const path = await place(join(fixtures, 'pyarrow.parquet'), 'pyarrow.parquet');
    await open(path);
    const titles: string[] = [];
    const unsubscribe = studio.core.context.notices.bus.subscribe((notice) => titles.push(notice.title));
    const children = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], {
      encoding: 'utf8',
    });
    const pid = Number.parseInt(/^\s*(\d+) .*native-duckdb/m.exec(children)?.[1] ?? '', 10);
    process.kill(pid, 'SIGKILL');
    await waitFor(() => titles.includes('The process that reads data ended'));
    unsubscribe();
    const page = await studio.client.datasets.page({ path, firstRow: 0, limit: 1, columns: ['id'] });
    expect(page.rows).toEqual([['row-0']]);
  });

  it('starts when data sets are listed, ahead of the first look, and only once', async () => {
    await using other = await startTestCore();
    await using workspace = await temporaryFolder();
    await writeFile(join(workspace.path, 'studio.yaml'), 'name: other\n');
    await other.client.workspace.open({ path: workspace.path });
    const before = await childPids('native-duckdb');
    await other.client.datasets.folders();
    expect(await childPids('native-duckdb')).toEqual(before);
    await copyFile(join(fixtures, 'pyarrow.parquet'), join(workspace.path, 'listed.parquet'));
    await other.client.datasets.folders();
    await other.client.datasets.folders();
    const started = (await childPids('native-duckdb')).filter((pid) => !before.includes(pid));
    expect(started).toHaveLength(1);
    const page = await other.client.datasets.page({
      path: 'listed.parquet',
      firstRow: 0,
      limit: 1,
      columns: ['id'],
    });
    expect(page.rows).toEqual([['row-0']]);
    expect((await childPids('native-duckdb')).filter((pid) => !before.includes(pid))).toEqual(started);
  });
});

describe('the data process', () => {
  let engine: DatasetEngine;
  const deaths: string[] = [];

  beforeAll(() => {
    engine = createDatasetEngine({
      spawn: () => spawnChild(repositoryFolder, 'native-duckdb'),
      onDeath: (reason) => deaths.push(reason),
    });
  });
  afterAll(() => engine.dispose());

  it('interrupts a query when its signal aborts, and answers the next one', async () => {
    await engine.query({ statements: ['SELECT 1'], path: 'x' });
    const { pid } = engine;
    const controller = new AbortController();
    const slow = engine.query({ statements: [slowSql], path: 'x', signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(slow).rejects.toThrow(code('CANCELLED'));
    const next = await engine.query({ statements: ['SELECT 7', "SELECT 'x'"], path: 'x' });
    expect(next.map((result) => result.columns)).toEqual([[[7]], [['x']]]);
    expect(engine.pid).toBe(pid);
    const aborted = engine.query({ statements: ['SELECT 1'], path: 'x', signal: AbortSignal.abort() });
    await expect(aborted).rejects.toThrow(code('CANCELLED'));
  });

  it('survives kill -9: the call fails in words, the next one works', async () => {
    const slow = engine.query({ statements: [slowSql], path: 'x' });
    const { pid } = engine;
    setTimeout(() => signalProcess(pid, 'SIGKILL'), 100);
    await expect(slow).rejects.toThrow(code('RUNTIME_DIED'));
    expect(deaths).toEqual(['signal SIGKILL']);
    const next = await engine.query({ statements: ['SELECT 42'], path: 'x' });
    expect(next[0]?.columns).toEqual([[42]]);
    expect(engine.pid).not.toBe(pid);
  });

  it('reaches neither the network nor extensions it does not have', async () => {
    const remote = engine.query({ statements: ["SELECT * FROM 'https://example.org/x.parquet'"], path: 'x' });
    await expect(remote).rejects.toThrow();
  });
});
