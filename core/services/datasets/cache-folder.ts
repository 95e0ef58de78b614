// Where imports of text files are kept: in the workspace, or aside when it is read-only.
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** `.studio/cache/datasets` of the workspace when that can be written, else the same in the state folder. */
export async function datasetCacheFolder(workspace: string | null, stateFolder: string): Promise<string> {
  const aside = join(stateFolder, 'cache', 'datasets');
  if (workspace === null) return aside;
  const wanted = join(workspace, '.studio', 'cache', 'datasets');
  try {
    await mkdir(wanted, { recursive: true });
    await access(wanted, constants.W_OK);
    return wanted;
  } catch {
    return aside;
  }
}
