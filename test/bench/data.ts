// The data viewer through the service and its child process against the same DuckDB asked directly in this process: pages,
// histogram, the rows of a filter and of a search, values, the profile of every column, over one generated Parquet file.
// NESSO_BENCH_ROWS sets its rows, NESSO_BENCH_DATA where it is kept. Then the import and the profile of JSON lines, of which NESSO_BENCH_LINES are generated. Exports:
// bench.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type DatasetView, datasetView, wholeDataset } from '../../core/lib/datasets/view.ts';
import { readColumnValues } from '../../core/services/datasets/views/column-values.ts';
import { createDatasetEngine, type DatasetEngine } from '../../core/services/datasets/engine.ts';
import { readHeadRows } from '../../core/services/datasets/head-rows.ts';
import { readHistogram } from '../../core/services/datasets/views/histogram.ts';
import { createDatasetLibrary } from '../../core/services/datasets/library.ts';
import { readProfile } from '../../core/services/datasets/profile/profile.ts';
import { sqlFile } from '../../core/services/datasets/sql.ts';
import { createViewRows } from '../../core/services/datasets/views/view-rows.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { measurePages } from './data-pages.ts';
import { type GeneratedFile, generatedFile } from './generated-data.ts';
import { elapsedMs, pair } from './measure-pair.ts';
import type { Measurement } from './measurement.ts';

const ROWS = Number(process.env['NESSO_BENCH_ROWS'] ?? 1_000_000);
/** 2,200,000 make a file of 1 GB. */
const LINES = Number(process.env['NESSO_BENCH_LINES'] ?? 200_000);
const IMPORTS = 3;
const FIRST_LOOKS = 5;
/** What the first rows may take. */
const FIRST_ROWS_MS = 1000;
const BINS = 50;
/** Scans of the whole take seconds at ten million rows: few rounds tell enough. */
const SCAN_ROUNDS = ROWS > 2_000_000 ? 3 : 5;

/** Texts of about 500 characters that do not compress to nothing, languages of unequal size, addresses and scores. */
const documents: GeneratedFile = {
  name: `documents-${ROWS}.parquet`,
  rows: `SELECT 'doc-' || range AS id,
      array_to_string(list_transform(range(15), lambda word: md5((range * 16 + word)::VARCHAR)), ' ') AS text,
      ['ita_Latn', 'deu_Latn', 'spa_Latn', 'fra_Latn', 'por_Latn', 'ron_Latn', 'ell_Grek', 'mlt_Latn'][1 + (sqrt(hash(range) % 64))::INTEGER % 8] AS language,
      'https://www.host-' || hash(range + 1) % 5000 || '.example/page/' || range AS url,
      hash(range + 2) / 3.6893488e18 AS score, (hash(range + 3) % 2000)::INTEGER AS token_count,
      hash(range + 4) % 3 > 0 AS kept
      FROM range(${ROWS})`,
  options: 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480',
};

/** What a profile says of the file that `generate` writes, in one pass, then one over each column that is counted by its values. */
function profileStatements(relation: string): readonly string[] {
  const spread = (value: string): string =>
    `min(${value}), max(${value}), avg(${value}), approx_quantile(${value}, [0.25, 0.5, 0.75])`;
  const bounds = [1, 2, 5, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 5000];
  const texts = ['id', 'text', 'language', 'url'].map(
    (name) => `count(${name}), approx_count_distinct(${name}), ${spread(`length(${name})`)},
      histogram(length(${name}), [${bounds.join(', ')}])`,
  );
  const numbers = ['score', 'token_count'].map(
    (name) => `count(${name}), approx_count_distinct(${name}), ${spread(`${name}::DOUBLE`)}`,
  );
  const binned = (name: string, high: number): string =>
    `SELECT least(19, floor(${name} * 20 / ${high})) AS bin, count(*), min(${name}), max(${name}) FROM ${relation} GROUP BY bin`;
  const valued = ['language', 'token_count'].map(
    (name) =>
      `SELECT ${name}, count(*) AS rows FROM ${relation} GROUP BY ${name} ORDER BY rows DESC LIMIT 12`,
  );
  return [
    `SELECT ${[...texts, ...numbers].join(', ')}, count(kept), count(*) FILTER (kept) FROM ${relation}`,
    binned('score', 5),
    binned('token_count', 1999),
    ...valued,
  ];
}

/** Texts of about 700 characters that compress as texts do. */
const lineDocuments: GeneratedFile = {
  name: `documents-${LINES}.jsonl.zst`,
  rows: `SELECT 'doc-' || range AS id,
      array_to_string(list_transform(range(120), lambda word: md5((hash(range * 121 + word) % 4000)::VARCHAR)[1:(1 + hash(range * 121 + word) % 9)::INTEGER]), ' ') AS text,
      ['ita_Latn', 'deu_Latn', 'spa_Latn', 'fra_Latn'][1 + (hash(range) % 4)::INTEGER] AS language,
      'https://www.host-' || hash(range + 1) % 5000 || '.example/page/' || range AS url,
      hash(range + 2) / 3.6893488e18 AS score, (hash(range + 3) % 2000)::INTEGER AS token_count
      FROM range(${LINES})`,
  options: 'FORMAT json, COMPRESSION zstd',
};

/** From a process that does not run yet to the rows that the window shows first; the smallest of some. */
async function firstRowsMs(folder: string, path: string, appFolder: string): Promise<number> {
  let smallestMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < FIRST_LOOKS; round += 1) {
    const engine = createDatasetEngine({ spawn: () => spawnChild(appFolder, 'native-duckdb') });
    const cacheFolder = () => Promise.resolve(folder);
    const reading = {
      engine,
      library: createDatasetLibrary({ engine, cacheFolder }),
      cacheFolder,
      spawnArrow: () => spawnChild(appFolder, 'native-arrow'),
    };
    const lookMs = await elapsedMs(async () => {
      const head = await readHeadRows(reading, path);
      if (head?.rows.length !== 50) throw new Error(`${head?.rows.length ?? 0} first rows instead of 50`);
    });
    smallestMs = Math.min(smallestMs, lookMs);
    await engine.dispose();
  }
  return smallestMs;
}

/** Each time into a cache of its own; the smallest of both. */
async function importsOf(
  folder: string,
  path: string,
  engine: DatasetEngine,
  ask: (sql: string) => Promise<unknown>,
): Promise<{ oursMs: number; anchorMs: number }> {
  const measured = { oursMs: Number.POSITIVE_INFINITY, anchorMs: Number.POSITIVE_INFINITY };
  for (let round = 0; round <= IMPORTS; round += 1) {
    const cache = join(folder, `import-${round}`);
    const oursMs = await elapsedMs(async () => {
      const library = createDatasetLibrary({ engine, cacheFolder: () => Promise.resolve(cache) });
      await readProfile(engine, await library.open(path), {});
    });
    await rm(cache, { recursive: true });
    const anchorMs = await elapsedMs(() =>
      ask(
        `SUMMARIZE FROM read_json(${sqlFile(path)}, format = 'newline_delimited', sample_size = -1, maximum_object_size = 16777216)`,
      ),
    );
    if (round === 0) continue;
    measured.oursMs = Math.min(measured.oursMs, oursMs);
    measured.anchorMs = Math.min(measured.anchorMs, anchorMs);
  }
  return measured;
}

export async function bench(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'nesso-bench-'));
  const appFolder = findAppFolder(import.meta.dirname);
  const engine = createDatasetEngine({ spawn: () => spawnChild(appFolder, 'native-duckdb') });
  const library = createDatasetLibrary({ engine, cacheFolder: async () => folder });
  const views = createViewRows(engine);
  const instance = await DuckDBInstance.create(':memory:');
  const direct = await instance.connect();
  const ask = async (sql: string) => (await direct.runAndReadAll(sql)).getRows();
  try {
    const path = await generatedFile(direct, folder, documents);
    const relation = `read_parquet(${sqlFile(path)}, file_row_number = true)`;
    const rowsOf = (view: DatasetView, condition: string) =>
      pair(
        SCAN_ROUNDS,
        async () => {
          const { viewId } = await views.open(await library.open(path), view, {
            onProgress: () => undefined,
          });
          await views.close(viewId);
        },
        async () => {
          await ask(`CREATE OR REPLACE TABLE found AS SELECT row_number() OVER () - 1 AS position, file_row_number AS number
            FROM ${relation} WHERE ${condition}`);
          await ask('SELECT count(*) FROM found');
        },
      );
    const pages = await measurePages({ folder, path, rows: ROWS, engine, ask });
    const histogram = await pair(
      SCAN_ROUNDS,
      async () => readHistogram(engine, await library.open(path), { column: 'score', bins: BINS }),
      async () => {
        const [[low, high] = []] = await ask(`SELECT min(score), max(score) FROM ${relation}`);
        const bin = `least(${BINS - 1}, floor((score - ${Number(low)}) / (${Number(high)}::DOUBLE - ${Number(low)}) * ${BINS}))`;
        await ask(`SELECT ${bin} AS bin, count(*), min(score), max(score) FROM ${relation} GROUP BY bin`);
      },
    );
    const filter = { kind: 'range', column: 'score', from: 2, to: 3 };
    const filtered = await rowsOf(datasetView.parse({ filters: [filter] }), 'score >= 2 AND score <= 3');
    const searched = await rowsOf({ ...wholeDataset, search: 'ABC123' }, `contains(lower(text), 'abc123')`);
    const values = await pair(
      SCAN_ROUNDS,
      async () =>
        readColumnValues(engine, await library.open(path), {
          view: wholeDataset,
          column: 'language',
          limit: 20,
        }),
      () => ask(`SELECT language, count(*) FROM ${relation} GROUP BY language ORDER BY 2 DESC LIMIT 20`),
    );
    const profile = await pair(
      Math.min(SCAN_ROUNDS, 3),
      async () => readProfile(engine, await library.open(path), {}),
      async () => {
        for (const sql of profileStatements(relation)) await ask(sql);
      },
    );
    const lines = await generatedFile(direct, folder, lineDocuments);
    const lookMs = await firstRowsMs(folder, lines, appFolder);
    const imported = await importsOf(folder, lines, engine, ask);
    const anchor = 'the same statement by @duckdb/node-api in this process';
    const of = `${ROWS.toLocaleString('en')} rows`;
    return [
      ...pages,
      { name: `data: exact histogram of ${of}`, ...histogram, anchor, limit: 1.1 },
      { name: `data: rows of a filter over ${of}`, ...filtered, anchor, limit: 1.1 },
      { name: `data: rows of a search over ${of}`, ...searched, anchor, limit: 1.1 },
      // Counts what the anchor does not: all values, those that are missing, all rows. The way to the child and back takes 0.5 ms.
      { name: `data: values of a column of ${of}`, ...values, anchor, limit: 1.4 },
      {
        name: `data: profile of every column of ${of}`,
        ...profile,
        anchor: 'the same figures by @duckdb/node-api in this process',
        limit: 1.1,
      },
      {
        name: `data: first rows of ${LINES.toLocaleString('en')} lines of JSON, zstd, with the start of the process`,
        oursMs: lookMs,
        anchorMs: FIRST_ROWS_MS,
        anchor: 'a second',
        limit: 1,
      },
      {
        name: `data: import and profile of ${LINES.toLocaleString('en')} lines of JSON, zstd`,
        ...imported,
        anchor: 'SUMMARIZE of the file by @duckdb/node-api, types from every line',
        limit: 1.2,
      },
    ];
  } finally {
    direct.closeSync();
    instance.closeSync();
    await engine.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
