// Reads texts and labels for training from JSONL (also .gz and .zst) or Parquet. Skips and counts what cannot be used.
// Knows nothing about features or training.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';

/** Training in plain JavaScript is meant for thousands of documents; beyond this an epoch takes minutes. */
export const MAX_TRAINING_ROWS = 50_000;

export interface DocumentColumns {
  readonly text: string;
  readonly label: string;
  readonly id: string;
}

export interface LabelledDocuments {
  readonly ids: readonly string[];
  readonly texts: readonly string[];
  readonly labels: readonly number[];
  /** Rows without a text or a finite label, and lines that are not JSON objects. */
  readonly skipped: number;
  /** True when the file has more rows than were read. */
  readonly cut: boolean;
}

interface RawRow {
  readonly id: unknown;
  readonly text: unknown;
  readonly label: unknown;
}

async function* jsonlRows(path: string, columns: DocumentColumns): AsyncGenerator<RawRow | null, void> {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  const failed = new Promise<never>((_, reject) => {
    file.on('error', reject);
    input.on('error', reject);
  });
  failed.catch(() => undefined);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([lines.next(), failed]);
      if (next.done) return;
      if (next.value.trim() !== '') yield parseLine(next.value, columns);
    }
  } finally {
    file.destroy();
  }
}

function parseLine(line: string, columns: DocumentColumns): RawRow | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    const field = (name: string): unknown => Reflect.get(value, name);
    return { id: field(columns.id), text: field(columns.text), label: field(columns.label) };
  } catch {
    return null;
  }
}

/** Parquet, and zstd, which Node 20 cannot unpack. */
async function* databaseRows(path: string, columns: DocumentColumns): AsyncGenerator<RawRow, void> {
  const name = (column: string): string => `"${column.replaceAll('"', '""')}"`;
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    const file = `'${path.replaceAll("'", "''").replaceAll(/[*?[\]]/g, '[$&]')}'`;
    const relation = path.endsWith('.zst')
      ? `read_json(${file}, format = 'newline_delimited', ignore_errors = true, compression = 'zstd')`
      : `read_parquet(${file})`;
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${relation}`);
    const present = described.getRows().map((row) => String(row[0]));
    for (const wanted of [columns.text, columns.label]) {
      if (!present.includes(wanted))
        throw new Error(`There is no column ${wanted}; there are: ${present.join(', ')}`);
    }
    const id = present.includes(columns.id) ? `${name(columns.id)}::VARCHAR` : 'NULL';
    const sql = `SELECT ${id}, ${name(columns.text)}::VARCHAR, ${name(columns.label)}::DOUBLE FROM ${relation}`;
    const result = await connection.stream(sql);
    for await (const rows of result.yieldRows()) {
      for (const [idValue, text, label] of rows) yield { id: idValue, text, label };
    }
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

/** Up to `MAX_TRAINING_ROWS` rows with a text and a finite label. A missing id becomes the row number. */
export async function readDocuments(path: string, columns: DocumentColumns): Promise<LabelledDocuments> {
  const ids: string[] = [];
  const texts: string[] = [];
  const labels: number[] = [];
  let skipped = 0;
  const rows = /\.(parquet|zst)$/.test(path) ? databaseRows(path, columns) : jsonlRows(path, columns);
  for await (const row of rows) {
    const usable = typeof row?.text === 'string' && row.text !== '' && Number.isFinite(row.label);
    if (!usable) {
      skipped += 1;
      continue;
    }
    if (texts.length === MAX_TRAINING_ROWS) return { ids, texts, labels, skipped, cut: true };
    const named = typeof row.id === 'string' || typeof row.id === 'number';
    ids.push(named ? String(row.id) : `row ${texts.length + skipped}`);
    texts.push(row.text as string);
    labels.push(row.label as number);
  }
  return { ids, texts, labels, skipped, cut: false };
}
