// Where the studio itself lies: the folder with `package.json`, `out/` and `resources/`.
// Found by walking up, because the same code runs from sources, from bundles and from a packaged app.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder at or above `start` that holds this product's package.json. Throws when there is none. */
export function findAppFolder(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (readName(folder) === 'nesso-studio') return folder;
    if (dirname(folder) === folder)
      throw new Error('The installation of the studio is incomplete: package.json is missing');
  }
}

export function readVersion(appFolder: string): string {
  const parsed = JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8')) as { version?: unknown };
  return typeof parsed.version === 'string' ? parsed.version : '0.0.0';
}

function readName(folder: string): unknown {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return undefined;
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { name?: unknown }).name;
  } catch {
    return undefined;
  }
}
