// Which of the files that a statement reads is damaged. DuckDB sometimes says so and sometimes not; then each is read alone.
// Knows the statements of this studio, which name every file in read_parquet(…).
import { sqlFile } from './sql.ts';

/** A person waits for an error: after this long it is said without the name. */
const PROBE_LIMIT_MS = 10_000;
/** An expression of SQL failed: the bytes are as they were. */
const notOfFiles = /^Conversion Error/;

export interface FailedRead {
  readonly statements: readonly string[];
  /** DuckDB's words. */
  readonly message: string;
  /** Resolves when the statement ran. */
  readonly run: (sql: string, signal: AbortSignal) => Promise<unknown>;
  readonly isDamage: (error: unknown) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Absolute path of the first file that cannot be read, null when that is not known. Never throws. */
export async function findDamaged({
  statements,
  message,
  run,
  isDamage,
  signal,
}: FailedRead): Promise<string | null> {
  const files = [...new Set(statements.flatMap(filesIn))];
  const said = files.find((file) => message.includes(`"${file}"`) || message.includes(`'${file}'`));
  if (said !== undefined || files.length < 2 || notOfFiles.test(message)) return said ?? files[0] ?? null;
  const limit = AbortSignal.timeout(PROBE_LIMIT_MS);
  const ending = signal ? AbortSignal.any([signal, limit]) : limit;
  for (const file of files) {
    if (ending.aborted) return null;
    const from = `read_parquet(${sqlFile(file)})`;
    try {
      // Every value is decoded, and nothing of it kept.
      await run(`SELECT bit_xor(hash(COLUMNS(*))) FROM ${from}`, ending);
    } catch (error) {
      if (ending.aborted) return null;
      if (isDamage(error)) return file;
    }
  }
  return null;
}

/** File names as they are, from `read_parquet('…'` and `read_parquet(['…', '…']`. */
function filesIn(statement: string): readonly string[] {
  const found: string[] = [];
  for (const [, list = ''] of statement.matchAll(/read_parquet\(\[?((?:'(?:[^']|'')*'(?:, )?)+)/g)) {
    for (const [, text = ''] of list.matchAll(/'((?:[^']|'')*)'/g)) {
      found.push(text.replaceAll("''", "'").replaceAll(/\[([*?[\]])\]/g, '$1'));
    }
  }
  return found;
}
