// Files that benches generate out of SQL. With NESSO_BENCH_DATA they lie in that folder and are made once: ten million documents take
// longer to make than to measure. Without it they go with the bench.
import { createHash } from 'node:crypto';
import { access, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlText } from '../../core/services/datasets/sql.ts';

export interface GeneratedFile {
  /** With its ending. */
  readonly name: string;
  /** A SELECT. */
  readonly rows: string;
  /** Of COPY. */
  readonly options: string;
}

/** Where the file lies. `folder` is that of the bench, which is removed with it. */
export async function generatedFile(
  connection: DuckDBConnection,
  folder: string,
  { name, rows, options }: GeneratedFile,
): Promise<string> {
  const kept = process.env['NESSO_BENCH_DATA'];
  const home = kept === undefined || kept === '' ? folder : kept;
  // Another statement makes another file.
  const key = createHash('sha256').update(`${rows}\n${options}`).digest('hex').slice(0, 12);
  const path = join(home, `${key}-${name}`);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return path;
  await mkdir(home, { recursive: true });
  const part = join(home, `part-${process.pid}-${key}-${name}`);
  await connection.run(`COPY (${rows}) TO ${sqlText(part)} (${options})`);
  await rename(part, path);
  return path;
}
