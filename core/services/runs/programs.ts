// The programs that travel with a run: those beside its recipe, those of the studio that it shares, and the module that keeps every
// logged value. Knows where they lie here, not where they go.
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { RecipeFile } from '../../lib/recipes/recipe-file.ts';

/** Below a run's folder. */
export const PROGRAMS = 'programs';
/** A program of a recipe is a page of text; more is data, and goes another way. */
const MAX_PROGRAM_BYTES = 1024 * 1024;

export interface Program {
  /** Below the folder it goes to, forward slashes. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** NOT_FOUND for a program that is not there, TOO_LARGE. A workspace's own recipe comes before a shipped one. */
export async function readPrograms(
  appFolder: string,
  root: string,
  recipe: RecipeFile,
): Promise<readonly Program[]> {
  const programs: Program[] = [];
  for (const file of recipe.files) {
    const own = typeof file === 'string';
    const path = own ? file : file.shared;
    const folders = own
      ? [join(root, 'recipes', recipe.id), join(appFolder, 'resources', 'recipes', recipe.id)]
      : [join(appFolder, 'resources')];
    const bytes = await readFirst(folders.map((folder) => join(folder, path)));
    if (bytes === null) {
      throw new StudioError('NOT_FOUND', `The recipe ${recipe.id} has no file ${path}`, {
        hint: 'Put it beside recipe.yaml, in a folder that is called as the recipe’s id',
      });
    }
    if (bytes.length > MAX_PROGRAM_BYTES) {
      throw new StudioError('TOO_LARGE', `${path} of the recipe ${recipe.id} is larger than 1 MB`, {
        hint: 'Copy data to the target, and name it by its path there',
      });
    }
    programs.push({ name: basename(path), bytes });
  }
  return programs;
}

async function readFirst(paths: readonly string[]): Promise<Uint8Array | null> {
  for (const path of paths) {
    const bytes = await readFile(path).catch(() => null);
    if (bytes !== null) return bytes;
  }
  return null;
}

/** The files of the module that tools import as wandb. */
export async function readSink(appFolder: string): Promise<readonly Program[]> {
  const folder = join(appFolder, 'resources', 'cluster', 'nesso_sink');
  const files: Program[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.parentPath.includes('__pycache__')) continue;
    const path = join(entry.parentPath, entry.name);
    files.push({ name: path.slice(folder.length + 1).replaceAll('\\', '/'), bytes: await readFile(path) });
  }
  return files;
}
