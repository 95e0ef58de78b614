// What the launch dialog remembers with the workspace: the last target of a recipe, and what was asked for there.
import { useViewState } from '../../../app/view-state.ts';
import { parseResources, type ResourcesGiven } from './resources-given.ts';

interface LaunchMemory {
  /** Target by recipe. */
  readonly targets: Readonly<Record<string, string>>;
  /** By recipe and target; as it was read back, so checked by core when it is used. */
  readonly resources: Readonly<Record<string, ResourcesGiven>>;
}

const nothing: LaunchMemory = { targets: {}, resources: {} };

function parseMemory(stored: unknown): LaunchMemory | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  const { targets, resources } = stored as Partial<Record<keyof LaunchMemory, unknown>>;
  return {
    targets: Object.fromEntries(
      Object.entries(targets ?? {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    ),
    resources: Object.fromEntries(
      Object.entries(resources ?? {}).flatMap(([key, value]) => {
        const parsed = parseResources(value);
        return parsed ? [[key, parsed]] : [];
      }),
    ),
  };
}

export interface LaunchChoice {
  targetOf(recipe: string): string | null;
  /** Null when nothing was launched there with this recipe. */
  resourcesOf(recipe: string, target: string): ResourcesGiven | null;
  remember(recipe: string, target: string, resources: ResourcesGiven): void;
}

export function useLaunchMemory(): LaunchChoice {
  const [memory, setMemory] = useViewState('runs.launch', parseMemory, nothing);
  return {
    targetOf: (recipe) => memory.targets[recipe] ?? null,
    resourcesOf: (recipe, target) => memory.resources[keyOf(recipe, target)] ?? null,
    remember: (recipe, target, resources) =>
      setMemory({
        targets: { ...memory.targets, [recipe]: target },
        resources: { ...memory.resources, [keyOf(recipe, target)]: resources },
      }),
  };
}

function keyOf(recipe: string, target: string): string {
  return JSON.stringify([recipe, target]);
}
