// The recipes a workspace can launch: those that ship with the studio and those in its own recipes/ folder.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { Recipe } from '../../api/runs.ts';
import { MAX_RECIPE_LENGTH, readRecipe, type RecipeFile } from '../../lib/recipes/recipe-file.ts';
import { keepReading } from '../files/kept-reading.ts';
import { readTextFile } from '../files/read-text.ts';

/** A workspace has a handful; more folders are something else. */
const MAX_RECIPES = 500;

export interface RecipeCatalogue {
  readonly recipes: readonly RecipeFile[];
  /** One sentence for each recipe.yaml that cannot be used. */
  readonly problems: readonly string[];
}

/** All usable recipes; one of the workspace replaces a shipped one with the same id. */
export async function readRecipes(appFolder: string, workspace: string | null): Promise<RecipeCatalogue> {
  const shipped = await readFolder(join(appFolder, 'resources', 'recipes'));
  const own = workspace === null ? null : await readFolder(join(workspace, 'recipes'));
  const byId = new Map<string, RecipeFile>();
  for (const recipe of [...shipped.recipes, ...(own?.recipes ?? [])]) byId.set(recipe.id, recipe);
  return {
    recipes: [...byId.values()].sort((left, right) => left.title.localeCompare(right.title, 'en')),
    problems: [...shipped.problems, ...(own?.problems ?? [])],
  };
}

/** Whoever watches over runs asks for the recipes of all of them, again and again. */
const readRecipeFile = keepReading(async (path) =>
  readRecipe((await readTextFile(path, MAX_RECIPE_LENGTH)).text),
);

async function readFolder(folder: string): Promise<RecipeCatalogue> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const recipes: RecipeFile[] = [];
  const problems: string[] = [];
  for (const entry of entries.filter((candidate) => candidate.isDirectory()).slice(0, MAX_RECIPES)) {
    const path = join(folder, entry.name, 'recipe.yaml');
    try {
      const reading = await readRecipeFile(path);
      if (reading.kind === 'recipe') recipes.push(reading.recipe);
      else problems.push(`recipes/${entry.name}/recipe.yaml: ${reading.message}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      problems.push(
        `recipes/${entry.name}/recipe.yaml: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return { recipes, problems };
}

/** The recipe with this id, or NOT_FOUND. */
export function findRecipe(catalogue: RecipeCatalogue, id: string): RecipeFile {
  const recipe = catalogue.recipes.find((candidate) => candidate.id === id);
  if (recipe) return recipe;
  const broken = catalogue.problems.find((problem) => problem.includes(`/${id}/`));
  throw new StudioError('NOT_FOUND', broken ?? `There is no recipe “${id}”`, {
    hint: broken === undefined ? 'Choose one of the list' : 'Mend the recipe and try again',
  });
}

/** What the launch form shows of a recipe. */
export function toFormRecipe(recipe: RecipeFile): Recipe {
  const { id, title, description, parameters, targets, resources, notes } = recipe;
  const canExtend = recipe.resume?.kind === 'checkpoint' && recipe.resume.steps !== undefined;
  const resume = recipe.resume?.kind ?? null;
  return { id, title, description, parameters, targets, resources, notes, resume, canExtend };
}
