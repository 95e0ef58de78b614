// What a person asked the scheduler for; what is absent is left to the recipe, the target and the site.
import { batchResourcesGiven, type ResourcesGiven } from '../../../../core/lib/slurm/resources.ts';

export type { ResourcesGiven };

/** Null for what no launch would take. */
export function parseResources(value: unknown): ResourcesGiven | null {
  return batchResourcesGiven.safeParse(value).data ?? null;
}

export function resourceIssues(
  resources: ResourcesGiven,
): readonly { readonly field: string; readonly message: string }[] {
  const issues = batchResourcesGiven.safeParse(resources).error?.issues ?? [];
  return issues.map(({ path, message }) => ({ field: String(path[0]), message }));
}
