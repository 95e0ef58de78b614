// What a person asked the scheduler for; what is absent is left to the recipe, the target and the site.
import type { z } from 'zod';
import type { Recipe } from '../../../core/api/runs.ts';
import { batchResources } from '../../../core/lib/slurm/resources.ts';

export type ResourcesGiven = z.input<typeof batchResources>;

/** Null for what no launch would take. */
export function parseResources(value: unknown): ResourcesGiven | null {
  return batchResources.safeParse(value).success ? (value as ResourcesGiven) : null;
}

export function resourceIssues(
  resources: ResourcesGiven,
): readonly { readonly field: string; readonly message: string }[] {
  const issues = batchResources.safeParse(resources).error?.issues ?? [];
  return issues.map(({ path, message }) => ({ field: String(path[0]), message }));
}

/** What the recipe itself asks for. */
export function resourcesOfRecipe(recipe: Recipe): ResourcesGiven {
  return ('resources' in recipe ? parseResources(recipe.resources) : null) ?? {};
}
