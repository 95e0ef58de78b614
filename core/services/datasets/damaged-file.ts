// Which of several Parquet files a failed query stumbled over. DuckDB names the file in some of its messages; otherwise each file
// of the query is read alone until one fails.
import { DuckdbFailure, type DuckdbProcess } from '../../../native/duckdb/client.ts';
import { sqlFile } from './sql.ts';

/** What DuckDB starts its message with when the bytes, not the query, are wrong. */
export const damageSigns =
  /^(Invalid (Input )?Error|IO Error|Serialization Error|TProtocolException|Conversion Error)/;
/** Nobody waits longer for the name of a file. */
const SEARCH_LIMIT_MS = 15_000;

/** Absolute, as the statements name it; null when one file alone was read, or none of them fails within the time. */
export async function damagedFile(
  duckdb: DuckdbProcess,
  failure: DuckdbFailure,
  statements: readonly string[],
): Promise<string | null> {
  if (failure.reason !== 'query' || !damageSigns.test(failure.message)) return null;
  const paths = [...new Set(statements.flatMap(parquetPaths))];
  if (paths.length < 2) return null;
  // Some messages end with the SQL itself, which names every file.
  const [message = ''] = failure.message.split('\n\nLINE ');
  const named = paths.find((path) => message.includes(path));
  if (named !== undefined) return named;
  const signal = AbortSignal.timeout(SEARCH_LIMIT_MS);
  for (const path of paths) {
    try {
      await duckdb.query([`SELECT max(hash(COLUMNS(*))) FROM read_parquet(${sqlFile(path)})`], { signal });
    } catch (error) {
      if (signal.aborted || !(error instanceof DuckdbFailure)) return null;
      if (damageSigns.test(error.message)) return path;
    }
  }
  return null;
}

/** The reverse of `sqlFile`. */
function parquetPaths(statement: string): readonly string[] {
  return [...statement.matchAll(/'((?:[^']|'')+\.parquet)'/g)].map(([, quoted = '']) =>
    quoted.replaceAll("''", "'").replaceAll(/\[([*?[\]])\]/g, '$1'),
  );
}
