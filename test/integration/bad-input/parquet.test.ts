// Parquet files that lie: the magic at both ends is right, what stands between is not. Each is refused with words, none ends the
// process that reads data.
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetInfo } from '../../../core/api/dataset-shape.ts';
import { wholeDataset } from '../../../core/lib/datasets/view.ts';
import { ensureChildBuilt } from '../../support/built-child.ts';
import { eventOf } from '../../support/event-of.ts';
import {
  repositoryFolder,
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
} from '../../support/test-core.ts';

const fixtures = join(repositoryFolder, 'test', 'fixtures', 'sources', 'footers');
const ROWS = 20_000;

let studio: TestCore;
let folder: TestFolder;
let whole: Buffer;
let footer: Buffer;
const at = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  whole = await readFile(join(fixtures, 'whole.parquet'));
  footer = whole.subarray(-8 - whole.readUInt32LE(whole.length - 8), -8);
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

const page = (path: string, firstRow = 0) =>
  studio.client.datasets.page({ path, firstRow, limit: 3, columns: ['id', 'text'] });

const length = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const magic = Buffer.from('PAR1');

/** Thrift writes whole numbers zigzag, seven bits a byte. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = 2 * value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

/** The footer with a number replaced by one that takes as many bytes. */
function withNumber(from: number, to: number): Buffer {
  const place = footer.lastIndexOf(varint(from));
  expect(place).toBeGreaterThan(0);
  const changed = Buffer.from(footer);
  varint(to).copy(changed, place);
  return Buffer.concat([whole.subarray(0, whole.length - 8 - footer.length), changed, whole.subarray(-8)]);
}

/** The same noise each time. */
function noise(bytes: number): Buffer {
  let state = 12_345;
  return Buffer.from(
    Array.from({ length: bytes }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return (state >> 16) & 0xff;
    }),
  );
}

const body = (): Buffer => whole.subarray(0, whole.length - 8 - footer.length);
const damagedData = (): Buffer =>
  Buffer.concat([magic, noise(body().length - 4), footer, whole.subarray(-8)]);

describe('a footer that lies', () => {
  it('is refused whatever it says, and the next file opens', async () => {
    const lies: Readonly<Record<string, Buffer>> = {
      'length beyond the file': Buffer.concat([whole.subarray(0, -8), length(whole.length * 2), magic]),
      'length of zero': Buffer.concat([whole.subarray(0, -8), length(0), magic]),
      'length of 4 GB': Buffer.concat([whole.subarray(0, -8), length(0xff_ff_ff_ff), magic]),
      'length too short': Buffer.concat([whole.subarray(0, -8), length(footer.length >> 1), magic]),
      noise: Buffer.concat([body(), noise(footer.length), whole.subarray(-8)]),
      zeros: Buffer.concat([body(), Buffer.alloc(footer.length), whole.subarray(-8)]),
      'offsets beyond the file': Buffer.concat([whole.subarray(0, 100), footer, whole.subarray(-8)]),
      'more rows than its groups': withNumber(ROWS, 30_000),
      'fewer rows than its groups': withNumber(ROWS, 10_000),
      'a group with more rows': withNumber(5000, 6000),
    };
    for (const [what, bytes] of Object.entries(lies)) {
      const name = `${what.replaceAll(' ', '-')}.parquet`;
      await writeFile(at(name), bytes);
      await expect(open(name), what).rejects.toMatchObject({
        code: 'CORRUPT_FILE',
        message: expect.stringContaining(name) as string,
      });
    }
    await writeFile(at('whole.parquet'), whole);
    expect(await open('whole.parquet')).toMatchObject({ rows: ROWS });
  });

  it('says which numbers contradict each other', async () => {
    await writeFile(at('rows.parquet'), withNumber(ROWS, 30_000));
    await expect(open('rows.parquet')).rejects.toThrow(
      'its footer promises 30,000 rows, its row groups 20,000',
    );
    await writeFile(at('cut.parquet'), Buffer.concat([whole.subarray(0, 100), footer, whole.subarray(-8)]));
    await expect(open('cut.parquet')).rejects.toThrow(/its footer names bytes up to [\d,]+, it has [\d,]+/);
  });
});

describe('damage behind a right footer', () => {
  it('is found by who reads there, alone and in a folder', async () => {
    await writeFile(at('alone.parquet'), damagedData());
    await expect(open('alone.parquet').then(() => page('alone.parquet'))).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
    });
    await mkdir(at('many'));
    for (const name of ['a', 'b', 'd']) await writeFile(at(`many/${name}.parquet`), whole);
    await writeFile(at('many/c.parquet'), damagedData());
    expect(await open('many')).toMatchObject({ rows: 4 * ROWS });
    // Whoever reads the others only is not disturbed.
    expect((await page('many')).rows).toHaveLength(3);
    const view = { ...wholeDataset, search: 'document 3' };
    const searching = async () => {
      for await (const _ of await studio.client.datasets.openView({ path: 'many', view }));
    };
    await expect(searching()).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: 'c.parquet is damaged: a part of it cannot be read',
      data: {
        path: at('many/c.parquet'),
        hint: expect.stringContaining('or move it out of the folder') as string,
      },
    });
    // DuckDB's own words name no file here: whoever reads there says which it is.
    const named = { code: 'CORRUPT_FILE', data: { path: at('many/c.parquet') } };
    const histogram = () => studio.client.datasets.histogram({ path: 'many', column: 'id', bins: 5 });
    await expect(histogram()).rejects.toMatchObject(named);
    const exporting = async () => {
      const wish = { path: 'many', view: wholeDataset, output: 'out.parquet', format: 'parquet' } as const;
      for await (const _ of await studio.client.datasets.exportView({ ...wish, overwrite: false }));
    };
    await expect(exporting()).rejects.toMatchObject(named);
    expect(existsSync(at('out.parquet'))).toBe(false);
    await rm(at('many/c.parquet'));
    const rows = () => histogram().then((found) => found.rows, String);
    await expect.poll(rows, { timeout: 120_000 }).toBe(3 * ROWS);
  });

  it('in an import is said of its file, which is imported anew', async () => {
    const lines = Array.from({ length: 3000 }, (_, id) => JSON.stringify({ id, text: `line ${id}` }));
    await writeFile(at('lines.jsonl'), lines.join('\n'));
    expect(await open('lines.jsonl')).toMatchObject({ rows: 3000 });
    const cache = at('.studio/cache/datasets');
    const [made = ''] = (await readdir(cache)).filter((name) => name.endsWith('.parquet'));
    const bytes = await readFile(join(cache, made));
    bytes.fill(0xa5, 4, bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8));
    await writeFile(join(cache, made), bytes);
    // DuckDB keeps what it read of a file of the same second.
    await utimes(join(cache, made), 1, 1);
    const read = () => studio.client.datasets.histogram({ path: 'lines.jsonl', column: 'id', bins: 3 });
    await expect(read()).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: 'What was imported from lines.jsonl is damaged',
    });
    expect((await read()).rows).toBe(3000);
  });
});

describe('odd files that are whole', () => {
  it('with the same column twice keep both', async () => {
    for (const name of ['duplicate', 'duplicate-case'])
      await copyFile(join(fixtures, `${name}.parquet`), at(`${name}.parquet`));
    expect((await open('duplicate.parquet')).columns.map(({ name }) => name)).toEqual(['x', 'x_1']);
    const { rows } = await studio.client.datasets.page({
      path: 'duplicate.parquet',
      firstRow: 0,
      limit: 2,
      columns: ['x', 'x_1'],
    });
    expect(rows).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
    expect((await open('duplicate-case.parquet')).columns.map(({ name }) => name)).toEqual(['x', 'X_1']);
  });

  it('replaced while they are open show the new rows, or what is wrong with them', async () => {
    await writeFile(at('t.parquet'), whole);
    expect(await open('t.parquet')).toMatchObject({ rows: ROWS });
    await copyFile(join(fixtures, 'other.parquet'), at('t.parquet'));
    expect((await page('t.parquet')).rows).toEqual([
      [7, 'other'],
      [8, 'rows'],
    ]);
    await writeFile(at('t.parquet'), whole.subarray(0, 3000));
    await expect(page('t.parquet')).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    await writeFile(at('t.parquet'), whole);
    expect((await page('t.parquet', ROWS - 1)).rows).toHaveLength(1);
  });

  it.skipIf(process.getuid?.() === 0)('that may not be read say so (root may read everything)', async () => {
    await writeFile(at('t.parquet'), whole);
    await chmod(at('t.parquet'), 0o000);
    await expect(open('t.parquet')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });
});
