// Tables that were measured: evals/quantizations/<model key of the reference>.json, the newest one of each.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type QuantizationTable, quantizationTable } from '../../api/quantizations.ts';
import { readTextFile } from '../files/read-text.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

const FOLDER = 'evals/quantizations';
const MAX_TABLE_BYTES = 4_194_304;
const MAX_TABLES = 1000;

export async function keepTable(root: string, table: QuantizationTable): Promise<void> {
  const key = table.rows.find(({ path }) => path === table.reference)?.modelKey ?? 'unknown';
  const text = JSON.stringify(table, (_, value: unknown) => (Number.isNaN(value) ? null : value), 1);
  await writeFileAtomic(await resolveInside(root, `${FOLDER}/${key}.json`), `${text}\n`);
}

/** The newest table with this model, whatever it was compared with; damaged files are none. */
export async function lastTable(root: string, modelKey: string): Promise<QuantizationTable | null> {
  const names = await readdir(join(root, FOLDER)).catch(() => []);
  let newest: QuantizationTable | null = null;
  for (const name of names.filter((one) => one.endsWith('.json')).slice(0, MAX_TABLES)) {
    const table = await readTextFile(join(root, FOLDER, name), MAX_TABLE_BYTES)
      .then(({ text }) => quantizationTable.parse(JSON.parse(text)))
      .catch(() => null);
    if (table === null || !table.rows.some((row) => row.modelKey === modelKey)) continue;
    if (newest === null || table.measuredMs > newest.measuredMs) newest = table;
  }
  return newest;
}
