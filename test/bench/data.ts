// The data viewer through the service and its child process against DuckDB called directly in this process: what a first page
// and an exact histogram cost on the same generated Parquet file. Exports: bench.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { createDatasetEngine } from '../../core/services/datasets/engine.ts';
import { readHistogram } from '../../core/services/datasets/histogram.ts';
import { createDatasetLibrary } from '../../core/services/datasets/library.ts';
import { readPage } from '../../core/services/datasets/page.ts';
import { sqlFile, sqlText } from '../../core/services/datasets/sql.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import type { Measurement } from './measurement.ts';

const ROWS = 200_000;
const ROUNDS = 9;
const PAGE_ROWS = 100;
const BINS = 50;

/** Texts of about 600 characters that do not compress to nothing, and a column of scores. */
async function generate(connection: DuckDBConnection, path: string): Promise<void> {
  await connection.run(`
    COPY (SELECT 'doc-' || range AS id,
      string_agg(md5((range * 20 + word)::VARCHAR), ' ') AS text, hash(range) / 3.6893488e18 AS score
      FROM range(${ROWS}), (SELECT unnest(range(18)) AS word) GROUP BY range ORDER BY range)
    TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)`);
}

async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** Both in turns; the smallest of each, because everything else on the machine only adds. */
async function pair(ours: () => Promise<unknown>, anchor: () => Promise<unknown>) {
  const measured = { oursMs: Number.POSITIVE_INFINITY, anchorMs: Number.POSITIVE_INFINITY };
  for (let round = 0; round < ROUNDS; round += 1) {
    const oursMs = await timeMs(ours);
    const anchorMs = await timeMs(anchor);
    // The first round starts the child and fills the file cache.
    if (round === 0) continue;
    measured.oursMs = Math.min(measured.oursMs, oursMs);
    measured.anchorMs = Math.min(measured.anchorMs, anchorMs);
  }
  return measured;
}

export async function bench(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'nesso-bench-'));
  const path = join(folder, 'documents.parquet');
  const appFolder = findAppFolder(import.meta.dirname);
  const engine = createDatasetEngine({ spawn: () => spawnChild(appFolder, 'native-duckdb') });
  const library = createDatasetLibrary({ engine, cacheFolder: async () => folder });
  const instance = await DuckDBInstance.create(':memory:');
  const direct = await instance.connect();
  try {
    await generate(direct, path);
    const relation = `read_parquet(${sqlFile(path)}, file_row_number = true)`;
    const columns = ['id', 'text', 'score'];
    const page = await pair(
      async () => readPage(engine, await library.open(path), { firstRow: 0, limit: PAGE_ROWS, columns }),
      async () => {
        const reader = await direct.runAndReadAll(
          `SELECT id, text, score FROM ${relation} WHERE file_row_number < ${PAGE_ROWS}`,
        );
        return reader.getRows();
      },
    );
    const histogram = await pair(
      async () => readHistogram(engine, await library.open(path), { column: 'score', bins: BINS }),
      async () => {
        const range = await direct.runAndReadAll(`SELECT min(score), max(score) FROM ${relation}`);
        const [low, high] = (range.getRows()[0] ?? []).map(Number);
        const bin = `least(${BINS - 1}, floor((score - ${low}) / (${high}::DOUBLE - ${low}) * ${BINS}))`;
        const reader = await direct.runAndReadAll(
          `SELECT ${bin} AS bin, count(*) FROM ${relation} GROUP BY bin`,
        );
        return reader.getRows();
      },
    );
    const anchor = '@duckdb/node-api in the same process';
    return [
      { name: 'data: first page of 100 rows', ...page, anchor, limit: 2 },
      // A few milliseconds of messages to the child are a large share of a query of six.
      { name: `data: exact histogram of ${ROWS.toLocaleString('en')} rows`, ...histogram, anchor, limit: 3 },
    ];
  } finally {
    direct.closeSync();
    instance.closeSync();
    await engine.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
