// What the earlier runs of a chain will have written when a run's turn comes: those that are launched together with it, and those that
// were launched before and that it waits for.
import { type Making, makingsOf } from '../../../lib/preflight/chain-findings.ts';
import { checkParameters, type ParameterValues } from '../../../lib/recipes/command-line.ts';
import type { RunRecord } from '../../../lib/runs/run-files.ts';
import { readConfig } from '../launch.ts';
import { findRecipe, type readRecipes } from '../recipes.ts';

/** A chain is no longer than this. */
const MAX_EARLIER = 12;

export interface EarlierStep {
  readonly recipe: string;
  readonly parameters: ParameterValues;
}

/** What of it cannot be read is left out: its own preflight says why. */
export async function makingsOfChain(
  root: string,
  catalogue: Awaited<ReturnType<typeof readRecipes>>,
  steps: readonly EarlierStep[],
  after: { readonly id: string | undefined; readonly recordOf: (id: string) => Promise<RunRecord> },
): Promise<readonly Making[]> {
  const makings: Making[] = [];
  for (const { recipe: id, parameters } of steps) {
    try {
      const recipe = findRecipe(catalogue, id);
      const values = checkParameters(recipe, parameters);
      const config = await readConfig(root, recipe, values).catch(() => null);
      makings.push(...makingsOf(recipe, values, config?.text ?? null));
    } catch {
      // Refused by itself.
    }
  }
  let { id } = after;
  for (let count = 0; id !== undefined && count < MAX_EARLIER; count += 1) {
    const record: RunRecord | null = await after.recordOf(id).catch(() => null);
    if (record === null) break;
    try {
      const recipe = findRecipe(catalogue, record.recipe);
      makings.push(...makingsOf(recipe, record.parameters, record.config?.text ?? null));
    } catch {
      // Its recipe is gone.
    }
    id = record.after ?? undefined;
  }
  return makings;
}
