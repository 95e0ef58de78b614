// Recipes as files: read with a sentence about what is wrong, written whole or not at all, listed from filters/ of a workspace.
import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { SavedRecipe } from '../../api/quality.ts';
import { StudioError } from '../../api/errors.ts';
import { type Recipe, recipe } from '../../lib/quality/recipe.ts';
import { readChosenFile } from '../files/read-chosen.ts';
import { requireFree } from '../files/whole-output.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

/** A recipe for 2,000 languages and ten heads is about 2 MB. */
const MAX_RECIPE_BYTES = 16_777_216;
const MAX_RECIPES = 1000;

export const RECIPE_FOLDER = 'filters';

/** Two spaces and a line end: reads and merges well in git. */
export function recipeText(value: Recipe): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Throws NOT_FOUND (through errno), TOO_LARGE, or INVALID_INPUT that names the first field that is wrong. */
export async function readRecipe(path: string): Promise<Recipe> {
  const bytes = await readChosenFile(path, {
    limitBytes: MAX_RECIPE_BYTES,
    what: 'a filter recipe',
    hint: 'Choose the JSON file of a recipe, not the data',
  });
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notRecipe(path, 'it is not valid JSON', error);
  }
  const parsed = recipe.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw notRecipe(
    path,
    `${first?.path.join('.') || 'the file'}: ${first?.message ?? 'unknown'}`,
    parsed.error,
  );
}

function notRecipe(path: string, reason: string, cause: unknown): StudioError {
  return new StudioError('INVALID_INPUT', `${basename(path)} is not a filter recipe: ${reason}`, {
    hint: 'Make one with the quality lab, or with nesso quality threshold -o RECIPE',
    path,
    cause,
  });
}

/** `path` is absolute. Throws ALREADY_EXISTS unless `overwrite`. */
export async function saveRecipe(path: string, value: Recipe, overwrite: boolean): Promise<void> {
  if (!overwrite) await requireFree(path);
  await writeFileAtomic(path, recipeText(value));
}

/** Every .json below filters/, newest first; what cannot be read says why. */
export async function listRecipes(root: string, signal?: AbortSignal): Promise<SavedRecipe[]> {
  const folder = join(root, RECIPE_FOLDER);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json') && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .slice(0, MAX_RECIPES);
  const saved: SavedRecipe[] = [];
  for (const path of files) {
    signal?.throwIfAborted();
    const shown = relative(root, path).split(sep).join('/');
    const modifiedMs = await stat(path).then(
      (info) => info.mtimeMs,
      () => 0,
    );
    try {
      saved.push({ path: shown, modifiedMs, recipe: await readRecipe(path), problem: null });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      saved.push({ path: shown, modifiedMs, recipe: null, problem });
    }
  }
  return saved.sort((a, b) => b.modifiedMs - a.modifiedMs);
}
