// Imports of CSV and JSON lines keep every digit and say what they did: codes with zeros in front, words for nothing, large whole
// numbers, fields of rare objects, lines that do not fit.
import { mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetInfo } from '../../core/api/dataset-shape.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { eventOf } from '../support/event-of.ts';
import { startTestCore, type TestCore, type TestFolder, temporaryFolder } from '../support/test-core.ts';

let studio: TestCore;
let folder: TestFolder;
const at = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  studio = await startTestCore();
});

beforeEach(async () => {
  folder = await temporaryFolder();
  await writeFile(at('studio.yaml'), 'name: test\n');
  await studio.client.workspace.open({ path: folder.path });
  return () => folder[Symbol.asyncDispose]();
});

afterAll(() => studio[Symbol.asyncDispose]());

async function open(path: string): Promise<DatasetInfo> {
  return (await eventOf(studio.client.datasets.open({ path }), 'ready')).dataset;
}

async function rowsOf(
  path: string,
  columns: string[],
  firstRow = 0,
): Promise<readonly (readonly unknown[])[]> {
  return (await studio.client.datasets.page({ path, firstRow, limit: 10, columns })).rows;
}

describe('JSON lines that change behind the first ones', () => {
  /** More than are looked at first. */
  const LINES = 25_000;
  const plain = (row: number): string => JSON.stringify({ id: row, text: `line ${row}`, score: row / 2 });
  const writeLines = async (name: string, change: (row: number) => string | null): Promise<void> => {
    const lines = Array.from({ length: LINES }, (_, row) => change(row) ?? plain(row));
    const text = `${lines.join('\n')}\n`;
    await writeFile(at(name), name.endsWith('.gz') ? gzipSync(text) : text);
  };
  const last = LINES - 1;
  const late = (line: string) => (row: number) => (row === last ? line : null);

  it('are read whole: another type, another field, a value that comes late', async () => {
    await writeLines('plain.jsonl.gz', () => null);
    expect(await open('plain.jsonl.gz')).toMatchObject({ rows: LINES, brokenLines: { count: 0 } });
    expect(await rowsOf('plain.jsonl.gz', ['id', 'text', 'score'], last)).toEqual([
      [last, `line ${last}`, last / 2],
    ]);
    await writeLines('fraction.jsonl', late('{"id":7.5,"text":"x","score":1}'));
    expect((await open('fraction.jsonl')).columns.map(({ type }) => type)).toEqual([
      'DOUBLE',
      'VARCHAR',
      'DOUBLE',
    ]);
    expect(await rowsOf('fraction.jsonl', ['id'], last - 1)).toEqual([[last - 1], [7.5]]);
    await writeLines('field.jsonl', late('{"id":1,"text":"x","score":1,"more":"here"}'));
    expect(await open('field.jsonl')).toMatchObject({ rows: LINES });
    expect(await rowsOf('field.jsonl', ['more', 'id'], last - 1)).toEqual([
      [null, last - 1],
      ['here', 1],
    ]);
    await writeLines('late.jsonl', (row) => (row < last ? '{"id":1,"tag":null}' : '{"id":2,"tag":"value"}'));
    const info = await open('late.jsonl');
    expect(info.columns.map(({ name, type }) => [name, type])).toEqual([
      ['id', 'BIGINT'],
      ['tag', 'VARCHAR'],
    ]);
    expect(await rowsOf('late.jsonl', ['tag'], last)).toEqual([['value']]);
  });

  it('count what is broken there, with its line', async () => {
    const broken: Readonly<Record<string, string>> = {
      'cut.jsonl': '{"id":1,"te',
      'array.jsonl': '[1, 2]',
      'null.jsonl': 'null',
      'two.jsonl': '{"id":1}{"id":2}',
    };
    for (const [name, line] of Object.entries(broken)) {
      await writeLines(name, late(line));
      const info = await open(name);
      expect([name, info.rows, info.brokenLines.count]).toEqual([name, last, 1]);
      expect(info.brokenLines.first[0]).toMatchObject({ line: LINES });
    }
    // An object without a field is a row, and a field that stands there twice counts once.
    await writeLines('odd.jsonl', (row) => (row === last ? '{}' : row === 5 ? '{"id":1,"id":2}' : null));
    expect(await open('odd.jsonl')).toMatchObject({ rows: LINES, brokenLines: { count: 0 } });
    expect(await rowsOf('odd.jsonl', ['id', 'text'], last)).toEqual([[null, null]]);
  });

  it('are not read when a compressed file is cut off', async () => {
    await writeLines('whole.jsonl.gz', () => null);
    await truncate(at('whole.jsonl.gz'), 60_000);
    await expect(open('whole.jsonl.gz')).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    const cache = await readdir(at('.studio/cache/datasets'));
    expect(cache).toEqual([]);
  });
});

describe('CSV', () => {
  it('keeps codes and long numbers as they are written', async () => {
    await writeFile(at('t.csv'), 'zip,id,price,mixed\n00123,12345678901234567890,1.5,007.5\n04711,1,2,1\n');
    const info = await open('t.csv');
    expect(info.columns.map(({ type }) => type)).toEqual(['VARCHAR', 'VARCHAR', 'DOUBLE', 'VARCHAR']);
    expect(await rowsOf('t.csv', ['zip', 'id', 'price', 'mixed'])).toEqual([
      ['00123', '12345678901234567890', 1.5, '007.5'],
      ['04711', '1', 2, '1'],
    ]);
  });

  it('reads words for nothing as no value among numbers, and says so; among words they stay', async () => {
    await writeFile(at('t.csv'), 'n,x,name\n1,NA,NA\n2,0.5,Jo\nNULL,N/A,null\n-3,1e3,-\n,,\n');
    const info = await open('t.csv');
    expect(info.columns.map(({ name, type }) => [name, type])).toEqual([
      ['n', 'BIGINT'],
      ['x', 'DOUBLE'],
      ['name', 'VARCHAR'],
    ]);
    expect(await rowsOf('t.csv', ['n', 'x', 'name'])).toEqual([
      [1, null, 'NA'],
      [2, 0.5, 'Jo'],
      [null, null, 'null'],
      [-3, 1000, '-'],
      [null, null, null],
    ]);
    expect(info.notes).toEqual([
      'n holds numbers and NULL, read as no value',
      'x holds numbers and N/A, NA, read as no value',
    ]);
    expect(info.brokenLines.count).toBe(0);
  });

  it('reads a byte order mark, semicolons and quotes, and refuses UTF-16 with a reason', async () => {
    await writeFile(at('t.csv'), '\uFEFFid;text;v\r\n1;"a;""b""\nc";1,5\r\n2;;2,5\r\n');
    expect((await open('t.csv')).columns.map(({ name }) => name)).toEqual(['id', 'text', 'v']);
    expect(await rowsOf('t.csv', ['id', 'text', 'v'])).toEqual([
      [1, 'a;"b"\nc', '1,5'],
      [2, null, '2,5'],
    ]);
    for (const [name, text] of [
      ['mark.csv', '\uFEFFid,name\n1,äö\n'],
      ['bare.csv', 'id,name\n1,a\n'],
      ['lines.jsonl', '\uFEFF{"text":"a"}\n'],
    ] as const) {
      await writeFile(at(name), Buffer.from(text, 'utf16le'));
      await expect(open(name), name).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('UTF-16') as string,
      });
    }
  });

  it('says that there are more broken lines than were counted', async () => {
    const lines = Array.from({ length: 150_000 }, (_, row) => (row % 3 === 0 ? `${row},x` : `${row},x,1`));
    await writeFile(at('t.csv'), `id,text\n${lines.join('\n')}\n`);
    const info = await open('t.csv');
    expect(info.rows).toBe(50_000);
    expect(info.brokenLines).toMatchObject({ isCut: true });
    expect(info.brokenLines.count).toBeGreaterThan(10_000);
    expect(info.brokenLines.count).toBeLessThanOrEqual(100_000);
    expect(info.brokenLines.first).toHaveLength(20);
  });
});

describe('objects in JSON lines', () => {
  it('keep whole numbers above 2^53, and every field is found, wherever it is', async () => {
    const lines = Array.from({ length: 3000 }, (_, row) =>
      JSON.stringify({ text: `t${row}`, meta: row === 2500 ? { n: row, rare: 'here' } : { n: row } }),
    );
    lines.push('{"text":"last","meta":{"n":9007199254740993,"u":18446744073709551615,"f":1.5}}');
    await writeFile(at('t.jsonl'), `${lines.join('\n')}\n`);
    const info = await open('t.jsonl');
    expect(info.columns.map(({ name, type }) => [name, type])).toEqual([
      ['text', 'VARCHAR'],
      ['meta.n', 'BIGINT'],
      ['meta.rare', 'VARCHAR'],
      ['meta.u', 'UBIGINT'],
      ['meta.f', 'DOUBLE'],
    ]);
    expect(await rowsOf('t.jsonl', ['meta.n', 'meta.u', 'meta.f'], 3000)).toEqual([
      ['9007199254740993', '18446744073709551615', 1.5],
    ]);
    expect((await rowsOf('t.jsonl', ['meta.rare'], 2500)).slice(0, 2)).toEqual([['here'], [null]]);
    expect(info.notes).toEqual([]);
    // The second opening reads the same facts from the cache.
    await studio.client.workspace.open({ path: folder.path });
    expect((await open('t.jsonl')).columns).toEqual(info.columns);
  });

  it('with negative and very large numbers in one field lose none', async () => {
    await writeFile(at('t.jsonl'), '{"m":{"v":-5}}\n{"m":{"v":18446744073709551615}}\n');
    await open('t.jsonl');
    const rows = await rowsOf('t.jsonl', ['m.v']);
    expect(rows[0]).toEqual([-5]);
    expect(rows[1]?.[0]).not.toBeNull();
  });

  it('of several files come together', async () => {
    await mkdir(at('two'));
    await writeFile(at('two/a.jsonl'), '{"m":{"v":1,"w":null}}\n');
    await writeFile(at('two/b.jsonl'), '{"m":{"v":9007199254740993,"w":"x"}}\n');
    const info = await open('two');
    expect(info.notes).toEqual([]);
    expect(await rowsOf('two', ['m.v', 'm.w'])).toEqual([
      [1, null],
      ['9007199254740993', 'x'],
    ]);
  });
});
