// The caches of a workspace: measured, kept below a limit by age of use, emptied, and made again afterwards.
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyCache, pruneCache, readCache } from '../../core/services/cache/cache-folder.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { documentsSql, openSql } from '../support/scored-corpus.ts';
import { startTestCore, type TestFolder, temporaryFolder } from '../support/test-core.ts';

const HOUR_MS = 3_600_000;
const nowMs = Date.UTC(2026, 0, 10);
let folder: TestFolder;
const cache = (): string => join(folder.path, '.studio', 'cache');

/** A file of the cache that was used so many hours ago. */
async function file(name: string, sizeBytes: number, hours: number): Promise<void> {
  const path = join(cache(), name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, Buffer.alloc(sizeBytes));
  const used = new Date(nowMs - hours * HOUR_MS);
  await utimes(path, used, used);
  await utimes(join(path, '..'), used, used);
}

const names = async (part: string): Promise<readonly string[]> => (await readdir(join(cache(), part))).sort();

beforeAll(async () => {
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'studio.yaml'), 'name: test\n');
});
afterAll(() => folder[Symbol.asyncDispose]());

it('is nothing where there is no folder', async () => {
  expect(await readCache(cache())).toEqual([]);
  expect(await pruneCache(cache(), { limitBytes: 0, nowMs })).toBe(0);
});

it('loses what was not used for longest, a pair at once, and nothing that is in use', async () => {
  await file('quality/old.parquet', 1000, 300);
  await file('quality/old.json', 10, 300);
  // Its table was read lately: the entry beside it goes by that.
  await file('quality/read.parquet', 1000, 2);
  await file('quality/read.json', 10, 400);
  await file('datasets/middle.parquet', 500, 100);
  await file('embeddings/key/0.bin', 700, 200);
  await file('embeddings/key/index', 50, 200);
  await file('datasets/today.parquet', 900, 1);
  expect(await readCache(cache())).toEqual([
    { name: 'quality', sizeBytes: 2020, entries: 2 },
    { name: 'datasets', sizeBytes: 1400, entries: 2 },
    { name: 'embeddings', sizeBytes: 750, entries: 1 },
  ]);
  expect(await pruneCache(cache(), { limitBytes: 10_000, nowMs })).toBe(0);
  expect(await pruneCache(cache(), { limitBytes: 3000, nowMs })).toBe(1760);
  expect(await names('quality')).toEqual(['read.json', 'read.parquet']);
  expect(await names('embeddings')).toEqual([]);
  expect(await names('datasets')).toEqual(['middle.parquet', 'today.parquet']);
  // Two studios at once, and a limit that cannot be kept: what is in use stays.
  const both = await Promise.all([1, 2].map(() => pruneCache(cache(), { limitBytes: 0, nowMs })));
  expect(Math.max(...both)).toBe(500);
  expect(await names('datasets')).toEqual(['today.parquet']);
  await expect(
    pruneCache(cache(), { limitBytes: 0, nowMs: nowMs + 100 * HOUR_MS, signal: AbortSignal.abort() }),
  ).rejects.toThrow();
});

it('is emptied from the studio, and what needs it makes it again', async () => {
  await emptyCache(cache());
  await mkdir(join(folder.path, 'data'));
  using sql = await openSql();
  await sql.run(`COPY (${documentsSql(0, 500)}) TO '${join(folder.path, 'data', 'a.jsonl')}' (FORMAT json)`);
  await using studio = await startTestCore();
  await studio.client.workspace.open({ path: folder.path });
  const ask = () =>
    studio.client.quality.thresholds({
      paths: ['data/a.jsonl'],
      choice: {
        heads: ['score_a'],
        quantiles: { overall: 0.5, perLanguage: {}, perHead: {}, perLanguageAndHead: {} },
        operator: 'gte',
        rule: { kind: 'all' },
      },
    });
  const first = await ask();
  const partsNow = async () => (await studio.client.system.readCache()).parts.map(({ name }) => name).sort();
  // The answer comes before what it was made of is kept.
  await expect.poll(partsNow, { timeout: 120_000 }).toEqual(['datasets', 'quality']);
  await expect
    .poll(async () => (await readdir(join(cache(), 'quality'))).filter((name) => name.endsWith('.json')))
    .toHaveLength(1);
  const { sizeBytes } = await studio.client.system.readCache();
  expect(sizeBytes).toBeGreaterThan(1000);
  expect(await studio.client.system.emptyCache()).toEqual({ freedBytes: sizeBytes });
  expect((await studio.client.system.readCache()).sizeBytes).toBe(0);
  // The studio looks at its files again after two seconds at the latest.
  await expect.poll(async () => (await ask()).total, { timeout: 120_000 }).toEqual(first.total);
  await expect
    .poll(
      async () => {
        await ask();
        return partsNow();
      },
      { timeout: 120_000 },
    )
    .toEqual(['datasets', 'quality']);
});

it('is kept below the limit when the workspace opens', async () => {
  await file('quality/ancient.parquet', 2_000_000, 1000);
  await using studio = await startTestCore();
  await studio.client.system.writeSettings({ cacheLimitGb: 1 });
  await studio.client.workspace.open({ path: folder.path });
  // Two megabytes are far below: it stays.
  expect(await names('quality')).toContain('ancient.parquet');
});
