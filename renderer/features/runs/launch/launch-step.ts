// One run of a launch as it is being filled in, and what of it goes to core. A launch has one step, a chain several.
import type { PreflightFinding, RunParent } from '../../../../core/api/launches.ts';
import type { Recipe, RunId } from '../../../../core/api/runs.ts';
import type { ParameterValue } from './parameter-field.tsx';
import type { ResourcesGiven } from './resources-given.ts';

export interface LaunchStep {
  /** For lists; never sent. */
  readonly key: number;
  readonly recipe: string | null;
  readonly name: string | null;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** By recipe and target, so that going back and forth loses nothing. */
  readonly asked: Readonly<Record<string, ResourcesGiven>>;
  /** An edited script, by recipe and target. */
  readonly scripts: Readonly<Record<string, string>>;
}

/** What a launch begins with: a recipe that the route names, or a run that is forked. */
export interface LaunchStart {
  readonly recipe: string | null;
  readonly name?: string;
  readonly target?: string;
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  readonly resources?: ResourcesGiven;
  readonly from?: RunParent;
  readonly parentName?: string;
}

let lastKey = 0;

export function newStep(start: LaunchStart): LaunchStep {
  lastKey += 1;
  const { recipe, name = null, parameters = {}, target = '', resources } = start;
  return {
    key: lastKey,
    recipe,
    name,
    parameters,
    asked: resources === undefined ? {} : { [placeOf(recipe ?? '', target)]: resources },
    scripts: {},
  };
}

/** Under which a step keeps what was asked for and edited. */
export function placeOf(recipe: string, target: string): string {
  return `${recipe} ${target}`;
}

export function recipeOf(step: LaunchStep, recipes: readonly Recipe[]): Recipe | null {
  return recipes.find(({ id }) => id === step.recipe) ?? usualRecipe(recipes);
}

/** To begin with, something that runs without a cluster: best what needs nothing but this computer. */
function usualRecipe(recipes: readonly Recipe[]): Recipe | null {
  const isHere = ({ targets }: Recipe) => targets.includes('this-computer');
  return (
    recipes.find((recipe) => isHere(recipe) && recipe.targets.length === 1) ??
    recipes.find(isHere) ??
    recipes[0] ??
    null
  );
}

export function nameOf(step: LaunchStep, recipe: Recipe | null): string {
  return step.name ?? recipe?.title ?? '';
}

/** Every parameter of the recipe, as it was changed or by default. */
export function valuesOf(step: LaunchStep, recipe: Recipe): Record<string, ParameterValue> {
  return Object.fromEntries(
    recipe.parameters.map(({ name, default: otherwise }) => [name, step.parameters[name] ?? otherwise]),
  );
}

export interface LaunchRequest {
  readonly recipe: string;
  readonly name: string;
  readonly parameters: Record<string, ParameterValue>;
  readonly target: string;
  readonly resources: ResourcesGiven;
  readonly script?: string;
  readonly from?: RunParent;
  readonly after?: RunId;
  readonly overridden?: PreflightFinding[];
}

export interface StepPlace {
  readonly target: string;
  readonly isCluster: boolean;
  readonly resources: ResourcesGiven;
  readonly from: RunParent | null;
}

export function requestOf(step: LaunchStep, recipe: Recipe, place: StepPlace): LaunchRequest {
  const script = step.scripts[placeOf(recipe.id, place.target)];
  return {
    recipe: recipe.id,
    name: nameOf(step, recipe).trim(),
    parameters: valuesOf(step, recipe),
    target: place.target,
    resources: place.isCluster ? place.resources : {},
    ...(place.isCluster && script !== undefined ? { script } : {}),
    ...(place.from === null ? {} : { from: place.from }),
  };
}
