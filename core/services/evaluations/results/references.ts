// The published benchmark tables that come with the studio.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ReferenceTable, referenceTable } from '../../../lib/evaluations/reference.ts';

/** All tables by id. They are the studio's own files: one that is wrong is a defect and throws. */
export async function readReferenceTables(appFolder: string): Promise<readonly ReferenceTable[]> {
  const folder = join(appFolder, 'resources', 'reference', 'zagreus');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted();
  return Promise.all(
    names.map(async (name) => referenceTable.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))),
  );
}
