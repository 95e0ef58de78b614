// The published values that come with the studio.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ReferenceFigure, referenceFigure } from '../../lib/judge-bench/reference.ts';

/** All figures by id. They are the studio's own files: one that is wrong is a defect and throws. */
export async function readReferences(appFolder: string): Promise<ReferenceFigure[]> {
  const folder = join(appFolder, 'resources', 'reference', 'jql');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted();
  return Promise.all(
    names.map(async (name) => referenceFigure.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))),
  );
}
