// Reads texts and labels for training from JSONL (also .gz and .zst), CSV or Parquet, row by row; says what cannot be used.
// Knows nothing about features or training.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';

export interface DocumentColumns {
  readonly text: string;
  /** May be a field inside a column: `edu_score.llama`. */
  readonly label: string;
  /** Null: every row is a document of its own. */
  readonly id: string | null;
  /** Null: the documents are of no language in particular. */
  readonly language: string | null;
}

export interface LabelledDocument {
  /** A missing id becomes the row number. */
  readonly id: string;
  readonly text: string;
  /** Finite. */
  readonly label: number;
  /** Empty where the row names none. */
  readonly language: string;
}

interface RawRow {
  readonly id: unknown;
  readonly text: unknown;
  readonly label: unknown;
  readonly language: unknown;
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
    const field = (name: string): unknown => fieldOf(value, name);
    const optional = (name: string | null): unknown => (name === null ? null : field(name));
    return {
      id: optional(columns.id),
      text: field(columns.text),
      label: field(columns.label),
      language: optional(columns.language),
    };
  } catch {
    return null;
  }
}

/** A field of that very name, or the field inside fields that the dots name. */
function fieldOf(value: object, name: string): unknown {
  const own: unknown = Reflect.get(value, name);
  if (own !== undefined || !name.includes('.')) return own;
  let at: unknown = value;
  for (const part of name.split('.'))
    at = typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined;
  return at;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function relationOf(path: string): string {
  const file = `'${path.replaceAll("'", "''").replaceAll(/[*?[\]]/g, '[$&]')}'`;
  if (/\.(csv|tsv)(\.gz|\.zst)?$/i.test(path)) return `read_csv(${file})`;
  if (path.endsWith('.zst')) {
    return `read_json(${file}, format = 'newline_delimited', ignore_errors = true, compression = 'zstd')`;
  }
  return `read_parquet(${file})`;
}

/** Parquet, CSV, and zstd, which Node 20 cannot unpack. */
async function* databaseRows(path: string, columns: DocumentColumns): AsyncGenerator<RawRow, void> {
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    const relation = relationOf(path);
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${relation}`);
    const present = described.getRows().map((row) => String(row[0]));
    const column = (name: string): string | null => {
      if (present.includes(name)) return quoted(name);
      const parts = name.split('.');
      return parts.length > 1 && present.includes(parts[0] ?? '') ? parts.map(quoted).join('.') : null;
    };
    for (const wanted of [columns.text, columns.label]) {
      if (column(wanted) === null)
        throw new Error(`There is no column ${wanted}; there are: ${present.join(', ')}`);
    }
    const text = (name: string | null): string => {
      const found = name === null ? null : column(name);
      return found === null ? 'NULL' : `${found}::VARCHAR`;
    };
    const result = await connection.stream(
      `SELECT ${text(columns.id)}, ${text(columns.text)}, TRY_CAST(${column(columns.label)} AS DOUBLE), ${text(columns.language)}
        FROM ${relation}`,
    );
    for await (const rows of result.yieldRows()) {
      for (const [id, shown, label, language] of rows) yield { id, text: shown, label, language };
    }
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

/** Null for a row without a text or a finite label, and for a line that is not a JSON object. */
export async function* readDocuments(
  path: string,
  columns: DocumentColumns,
): AsyncGenerator<LabelledDocument | null, void> {
  const isTable = /\.(parquet|zst|(csv|tsv)(\.gz)?)$/i.test(path);
  let number = 0;
  for await (const row of isTable ? databaseRows(path, columns) : jsonlRows(path, columns)) {
    const { text, label } = row ?? {};
    const usable = typeof text === 'string' && text !== '' && typeof label === 'number';
    if (row === null || !usable || !Number.isFinite(label)) yield null;
    else {
      const named = typeof row.id === 'string' || typeof row.id === 'number';
      const language = typeof row.language === 'string' ? row.language : '';
      yield { id: named ? String(row.id) : `row ${number}`, text, label, language };
    }
    number += 1;
  }
}
