// What the objects in JSON columns of an import hold: every field of every row, and how large its whole numbers get.
import { z } from 'zod';
import { jsonLeaves, wholeColumn } from '../../../lib/datasets/nested-columns.ts';
import { type DatasetEngine, queryOne } from '../engine.ts';
import { sqlFile, sqlName } from '../sql.ts';

/** An object used as a map: it has more fields than anybody looks at as columns. */
const MAX_STRUCTURE_CHARACTERS = 1_000_000;
const LARGEST_SIGNED = '9223372036854775807';

export interface StructureWish {
  /** The file a failure is about. */
  readonly path: string;
  readonly parquetPath: string;
  /** Of type JSON. */
  readonly columns: readonly string[];
}

/** By column, as json_group_structure writes it, with BIGINT for whole numbers that fit. Throws StudioError. */
export async function readStructures(
  { path, parquetPath, columns }: StructureWish,
  { engine, signal }: { readonly engine: DatasetEngine; readonly signal?: AbortSignal | undefined },
): Promise<Record<string, string>> {
  // Entries, because a column may be called __proto__.
  const found: [name: string, structure: string][] = [];
  for (const name of columns) {
    const ask = (expressions: readonly string[]) =>
      queryOne(engine, {
        path,
        signal,
        statements: [`SELECT ${expressions.join(', ')} FROM read_parquet(${sqlFile(parquetPath)})`],
      });
    const result = await ask([`json_group_structure(${sqlName(name)})::VARCHAR`]);
    const text = result.columns[0]?.[0];
    if (typeof text !== 'string' || text.length > MAX_STRUCTURE_CHARACTERS) continue;
    // It calls every whole number that is not negative UBIGINT.
    const unsigned = jsonLeaves(wholeColumn(name, 'JSON'), text, true).filter(
      ({ type }) => type === 'UBIGINT',
    );
    if (unsigned.length === 0) {
      found.push([name, text]);
      continue;
    }
    const large = await ask(unsigned.map(({ expression }) => `bool_or(${expression} > ${LARGEST_SIGNED})`));
    const fits = unsigned.filter((_, index) => large.columns[index]?.[0] !== true);
    found.push([name, fits.reduce((known, { path: place }) => withBigint(known, place.slice(1)), text)]);
  }
  return Object.fromEntries(found);
}

const structure = z.record(z.string(), z.unknown());

function withBigint(text: string, place: readonly string[]): string {
  const replaced = (inside: unknown, [first, ...rest]: readonly string[]): unknown => {
    if (first === undefined) return 'BIGINT';
    const fields = structure.parse(inside);
    return { ...fields, [first]: replaced(fields[first], rest) };
  };
  return JSON.stringify(replaced(JSON.parse(text), place));
}
