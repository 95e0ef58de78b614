// The first rows of a file of JSON lines, before it is indexed: read from its beginning alone, so that there is something to
// see within a second, however large the file is.
import { stat } from 'node:fs/promises';
import type { DatasetHead } from '../../api/datasets.ts';
import { headLinesRelation } from './broken-lines.ts';
import { toCell } from './columns.ts';
import { detectDataset } from './detect.ts';
import { type DatasetEngine, queryOne } from './engine.ts';

const HEAD_ROWS = 50;
/** Characters of a cell; the whole comes when the file is open. */
const HEAD_CHARACTERS = 300;
/** Columns that fit beside each other are seen first. */
const HEAD_COLUMNS = 30;

/** Null for formats that need no index, and for more than one file. Throws StudioError. */
export async function readHeadRows(
  engine: DatasetEngine,
  path: string,
  signal?: AbortSignal,
): Promise<DatasetHead | null> {
  const isFile = await stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
  if (!isFile) return null;
  const { format } = await detectDataset(path);
  if (!format.startsWith('jsonl')) return null;
  const found = await queryOne(engine, {
    path,
    signal,
    statements: [`SELECT line FROM ${headLinesRelation(path, format)} LIMIT ${HEAD_ROWS}`],
  });
  const objects = (found.columns[0] ?? []).flatMap((line) => {
    const object = typeof line === 'string' ? parseObject(line) : null;
    return object === null ? [] : [object];
  });
  const columns = [...new Set(objects.flatMap((object) => Object.keys(object)))].slice(0, HEAD_COLUMNS);
  const rows = objects.map((object) =>
    columns.map((name) => {
      const cell = toCell(object[name] ?? null);
      return typeof cell === 'string' ? cell.slice(0, HEAD_CHARACTERS) : cell;
    }),
  );
  return { columns, rows };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    // Broken lines are counted and shown when the file is open.
    return null;
  }
}
