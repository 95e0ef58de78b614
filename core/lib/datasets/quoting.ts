// Quoting for SQL that is put together from file names, column names and text of the user.

/** A string literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** An identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A file name for a reading function: DuckDB expands * ? [ ] in it, so each is put in a class of its own. */
export function sqlFile(path: string): string {
  return sqlText(path.replaceAll(/[*?[\]]/g, '[$&]'));
}

/**
 * A double that SQL reads back as exactly the same number. As text: a literal with 17 digits goes through DECIMAL and comes
 * back one unit off in one case out of five (seen with DuckDB 1.5.5).
 */
export function sqlDouble(value: number): string {
  return `'${value}'::DOUBLE`;
}
