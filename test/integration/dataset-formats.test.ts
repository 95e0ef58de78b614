// CSV, TSV and Arrow through core and the real children: what pyarrow wrote, what does not fit, what is cut off.
import { copyFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetInfo } from '../../core/api/dataset-shape.ts';
import type { ErrorCode } from '../../core/api/errors.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { eventOf } from '../support/event-of.ts';
import {
  repositoryFolder,
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
} from '../support/test-core.ts';

const fixtures = join(repositoryFolder, 'test', 'fixtures', 'sources');

let studio: TestCore;
let folder: TestFolder;

beforeAll(async () => {
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  ensureChildBuilt('native-arrow', 'native/arrow');
  studio = await startTestCore();
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'studio.yaml'), 'name: test\n');
  await studio.client.workspace.open({ path: folder.path });
});
afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const at = (name: string): string => join(folder.path, name);
const code = (wanted: ErrorCode) => expect.objectContaining({ code: wanted }) as Error;

async function open(path: string): Promise<DatasetInfo> {
  return (await eventOf(studio.client.datasets.open({ path }), 'ready')).dataset;
}

async function rowsOf(path: string, limit = 1000): Promise<readonly (readonly unknown[])[]> {
  const { columns } = await open(path);
  const names = columns.map(({ name }) => name);
  return (await studio.client.datasets.page({ path, firstRow: 0, limit, columns: names })).rows;
}

describe('Arrow', () => {
  it.each(['stream.arrow', 'file.arrow'])('reads %s with every type', async (name) => {
    await copyFile(join(fixtures, name), at(name));
    const info = await open(name);
    expect(info).toMatchObject({
      format: 'arrow',
      rows: name === 'stream.arrow' ? 1500 : 20,
      textColumn: 'text',
    });
    expect(info.columns.map((column) => [column.name, column.type])).toEqual([
      ['text', 'VARCHAR'],
      ['number', 'BIGINT'],
      ['score', 'FLOAT'],
      ['kept', 'BOOLEAN'],
      ['metadata.language', 'VARCHAR'],
      ['metadata.row', 'BIGINT'],
      ['tags', 'VARCHAR[]'],
      ['kind', 'VARCHAR'],
      ['made', 'TIMESTAMP'],
    ]);
    const rows = await rowsOf(name);
    expect(rows[10]).toEqual([
      'Riga 10 àè',
      String(2n ** 60n + 10n),
      null,
      true,
      'ita',
      10,
      '["a"]',
      'x',
      '1970-01-01 00:00:10',
    ]);
    if (name === 'stream.arrow') {
      const page = await studio.client.datasets.page({
        path: name,
        firstRow: 1498,
        limit: 5,
        columns: ['text', 'score'],
      });
      expect(page.rows).toEqual([
        ['Riga 1498 àè', 374.5],
        ['Riga 1499 àè', 374.75],
      ]);
    }
  });

  it.each(['lz4-stream', 'lz4-file', 'zstd-file'])(
    'gives the rows pyarrow wrote with compressed buffers: %s',
    async (name) => {
      await copyFile(join(fixtures, 'compressed', `${name}.arrow`), at(`${name}.arrow`));
      await copyFile(join(fixtures, 'compressed', 'table.parquet'), at('table.parquet'));
      const rowsOf = async (path: string) => {
        const info = await open(path);
        const columns = ['text', 'noise', 'score', 'kind', 'nothing'];
        const { rows } = await studio.client.datasets.page({ path, firstRow: 0, limit: 1000, columns });
        const rest = await studio.client.datasets.page({ path, firstRow: 1000, limit: 1000, columns });
        return { count: info.rows, rows: [...rows, ...rest.rows] };
      };
      const found = await rowsOf(`${name}.arrow`);
      expect(found.count).toBe(1200);
      expect(found).toEqual(await rowsOf('table.parquet'));
    },
  );

  it('says where compressed buffers are damaged, and takes no claim of theirs at its word', async () => {
    for (const name of ['lz4-stream', 'zstd-file']) {
      const whole = await readFile(join(fixtures, 'compressed', `${name}.arrow`));
      const magic = name.startsWith('lz4') ? 0x184d2204 : 0xfd2fb528;
      const mark = Buffer.alloc(4);
      mark.writeUInt32LE(magic);
      const first = whole.indexOf(mark);
      expect(first).toBeGreaterThan(0);
      const changes: Readonly<Record<string, (bytes: Buffer) => void>> = {
        'no frame': (bytes) => void bytes.fill(0, first, first + 4),
        'noise inside': (bytes) => void bytes.fill(0xa7, first + 16, first + 400),
        'a huge length': (bytes) => void bytes.writeBigInt64LE(2n ** 61n, first - 8),
        'another length': (bytes) =>
          void bytes.writeBigInt64LE(bytes.readBigInt64LE(first - 8) - 1n, first - 8),
        'a negative length': (bytes) => void bytes.writeBigInt64LE(-7n, first - 8),
      };
      for (const [what, change] of Object.entries(changes)) {
        const bytes = Buffer.from(whole);
        change(bytes);
        const path = `${name} ${what}.arrow`;
        await writeFile(at(path), bytes);
        const wanted = /length of|huge|negative/.test(what) ? /^(TOO_LARGE|CORRUPT_FILE)$/ : /^CORRUPT_FILE$/;
        await expect(open(path), path).rejects.toMatchObject({
          code: expect.stringMatching(wanted) as string,
        });
      }
    }
  });

  it('finds damage wherever it is', async () => {
    const whole = await readFile(join(fixtures, 'stream.arrow'));
    const cuts: readonly (readonly [string, Buffer])[] = [
      ['cut-body', whole.subarray(0, whole.length - 5000)],
      ['cut-prefix', whole.subarray(0, 12)],
      ['long', withNumber(whole, 4, 0x7ffffff8)],
      ['words', Buffer.from('ARROW1\0\0 and then something else entirely')],
      ['metadata', withNumber(whole, 8, 0xfffffff0)],
    ];
    for (const [name, bytes] of cuts) {
      await writeFile(at(`${name}.arrow`), bytes);
      await expect(open(`${name}.arrow`), name).rejects.toThrow(code('CORRUPT_FILE'));
    }
    // A stream that ends after its schema has no rows.
    await writeFile(at('no-batch.arrow'), whole.subarray(0, 8 + whole.readInt32LE(4)));
    expect(await open('no-batch.arrow')).toMatchObject({ rows: 0, textColumn: 'text' });
    await writeFile(at('empty.arrow'), '');
    await expect(open('empty.arrow')).rejects.toThrow(code('CORRUPT_FILE'));
    // Garbage in a body that has the right length is found, or read as the values it holds; nothing hangs or dies.
    const garbage = Buffer.from(whole);
    garbage.fill(0xff, 3000, 20_000);
    await writeFile(at('garbage.arrow'), garbage);
    await open('garbage.arrow').catch((error: unknown) => {
      expect(error).toEqual(code('CORRUPT_FILE'));
    });
    expect(await open('stream.arrow')).toMatchObject({ rows: 1500 });
  });
});

function withNumber(bytes: Buffer, position: number, value: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt32LE(value, position);
  return changed;
}

describe('CSV and TSV', () => {
  const csv = [
    'id,text,score,ok,when',
    'a,"one, ""two""\nlines",1.5,true,2024-01-02',
    'b,plain,,false,2024-01-03',
    'c,too,few',
    'd,ok,3,true,',
    'e,far,too,many,columns,here,and,there',
    '',
  ].join('\n');

  it('reads quotes, empty values and types, and counts the lines that do not fit', async () => {
    await writeFile(at('t.csv'), csv);
    const info = await open('t.csv');
    expect(info.columns.map(({ name, type }) => [name, type])).toEqual([
      ['id', 'VARCHAR'],
      ['text', 'VARCHAR'],
      ['score', 'DOUBLE'],
      ['ok', 'BOOLEAN'],
      ['when', 'VARCHAR'],
    ]);
    expect(await rowsOf('t.csv')).toEqual([
      ['a', 'one, "two"\nlines', 1.5, true, '2024-01-02'],
      ['b', 'plain', null, false, '2024-01-03'],
      ['d', 'ok', 3, true, null],
    ]);
    expect(info.brokenLines.count).toBe(2);
    expect(info.brokenLines.first.map(({ reason, excerpt }) => [reason, excerpt])).toEqual([
      ['Has too few columns', 'c,too,few'],
      ['Has too many columns', 'e,far,too,many,columns,here,and,there'],
    ]);
  });

  it('reads compressed ones, and refuses those that are cut off', async () => {
    await writeFile(at('t.csv.gz'), gzipSync(csv));
    expect(await open('t.csv.gz')).toMatchObject({ format: 'csv.gz', rows: 3 });
    await writeFile(at('cut.csv.gz'), gzipSync(csv));
    await truncate(at('cut.csv.gz'), 60);
    await expect(open('cut.csv.gz')).rejects.toThrow(code('CORRUPT_FILE'));
    // The bytes count, not the name.
    await writeFile(at('packed.csv'), gzipSync(csv));
    expect(await open('packed.csv')).toMatchObject({ format: 'csv.gz', rows: 3 });
    await writeFile(at('false.csv.zst'), csv);
    await expect(open('false.csv.zst')).rejects.toThrow(code('CORRUPT_FILE'));
  });

  it('reads tabs, one column, doubled names, a header alone and nothing', async () => {
    await writeFile(at('t.tsv'), 'a\ta\tb,c\n1\t2\tx,y\n');
    expect((await open('t.tsv')).columns.map(({ name }) => name)).toEqual(['a', 'a_1', 'b,c']);
    expect(await rowsOf('t.tsv')).toEqual([[1, 2, 'x,y']]);
    await writeFile(at('one.csv'), 'text\nhello\nworld\n');
    expect(await rowsOf('one.csv')).toEqual([['hello'], ['world']]);
    await writeFile(at('header.csv'), 'a,b\n');
    expect(await open('header.csv')).toMatchObject({ rows: 0 });
    await writeFile(at('nothing.csv'), '');
    await expect(open('nothing.csv')).rejects.toThrow(code('CORRUPT_FILE'));
    await writeFile(at('binary.csv'), Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) % 256)));
    await open('binary.csv').catch((error: unknown) => expect(error).toBeInstanceOf(Error));
  });
});
