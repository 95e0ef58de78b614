// Pages of the data viewer through the service and its child process against the same DuckDB asked directly in this process: the
// first one of a file that was just opened, one somewhere in the middle, and the one after it. Exports: measurePages.
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetEngine } from '../../core/services/datasets/engine.ts';
import { createDatasetLibrary } from '../../core/services/datasets/library.ts';
import { readPage } from '../../core/services/datasets/page.ts';
import { sqlFile } from '../../core/services/datasets/sql.ts';
import { pair } from './measure-pair.ts';
import type { Measurement } from './measurement.ts';

const ROUNDS = 30;
const PAGE_ROWS = 100;
const COLUMNS = ['id', 'text', 'language', 'url', 'score', 'token_count', 'kept'];
/** Prime, so that each round looks at another place: another part of the file, and another place in it. */
const STRIDE_PAGES = 1009;

export interface PageBench {
  readonly folder: string;
  /** Seven columns, as data.ts generates them. */
  readonly path: string;
  readonly rows: number;
  readonly engine: DatasetEngine;
  readonly ask: (sql: string) => Promise<unknown>;
}

export async function measurePages(bench: PageBench): Promise<readonly Measurement[]> {
  const { folder, path, rows, engine, ask } = bench;
  const library = createDatasetLibrary({ engine, cacheFolder: async () => folder });
  const ours = async (file: string, firstRow: number) => {
    const page = await readPage(engine, await library.open(file), {
      firstRow,
      limit: PAGE_ROWS,
      columns: COLUMNS,
    });
    if (page.rows.length !== PAGE_ROWS) throw new Error(`${page.rows.length} rows instead of ${PAGE_ROWS}`);
  };
  const anchor = (file: string, firstRow: number) =>
    ask(`SELECT file_row_number, id, left(text, 2049), language, url, score, token_count, kept
      FROM read_parquet(${sqlFile(file)}, file_row_number = true)
      WHERE file_row_number BETWEEN ${firstRow} AND ${firstRow + PAGE_ROWS - 1} ORDER BY file_row_number`);

  // A file of which no page was looked at, each round: other names of the same one.
  const names: string[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const name = join(folder, `opened-${round}.parquet`);
    await symlink(path, name);
    await library.open(name);
    names.push(name);
  }
  const first = await pair(
    ROUNDS,
    (round) => ours(names[round] ?? path, 0),
    (round) => anchor(names[round] ?? path, 0),
  );
  // In the middle half. What was read ahead for one round is of no use to the next.
  const middlePages = Math.floor(rows / 2 / PAGE_ROWS);
  const place = (round: number): number =>
    (Math.floor(middlePages / 2) + ((round * STRIDE_PAGES) % middlePages)) * PAGE_ROWS;
  const middle = await pair(
    ROUNDS,
    (round) => ours(path, place(round)),
    (round) => anchor(path, place(round)),
  );
  // Five pages in a row, as a person scrolls who jumped into the middle.
  const start = Math.floor(rows / 2 / 500) * 500;
  const scrolled = async (read: (firstRow: number) => Promise<unknown>, round: number) => {
    for (let page = 0; page < 5; page += 1) await read(start + round * 2500 + page * PAGE_ROWS);
  };
  const next = await pair(
    ROUNDS,
    (round) => scrolled((firstRow) => ours(path, firstRow), round),
    (round) => scrolled((firstRow) => anchor(path, firstRow), round),
  );
  const of = `${rows.toLocaleString('en')} rows`;
  const same = 'the same statement by @duckdb/node-api in this process';
  return [
    { name: `data: first page of ${of}, just opened`, ...first, anchor: same, limit: 1.1 },
    { name: `data: a page in the middle of ${of}, each time elsewhere`, ...middle, anchor: same, limit: 1.1 },
    { name: `data: five pages in a row in the middle of ${of}`, ...next, anchor: same, limit: 0.6 },
  ];
}
