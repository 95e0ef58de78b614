// Launches a recipe: choose it, where it runs, name the run, set its parameters; for a cluster what to ask the scheduler for, with
// the batch script beside it.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Recipe, RecipeParameter, Run } from '../../../core/api/runs.ts';
import { describeError } from '../../app/describe-error.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { useClient } from '../../app/session.ts';
import { useTargets } from '../../app/target-feed.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Select } from '../../ui/select.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSiteProfile } from '../targets/index.tsx';
import styles from './launch-dialog.module.css';
import { useLaunchMemory } from './launch-memory.ts';
import { LaunchTarget, targetChoices } from './launch-target.tsx';
import { type ParameterValue, ParameterField } from './parameter-field.tsx';
import { ResourceForm } from './resource-form.tsx';
import { resourceProblems } from './resource-limits.ts';
import { parseResources, type ResourcesGiven, resourcesOfRecipe } from './resources-given.ts';
import { ScriptPreview } from './script-preview.tsx';

export interface LaunchDialogProps {
  readonly recipeId: string | null;
  /** Parameters that are known from where it was opened. */
  readonly given: Readonly<Record<string, ParameterValue>>;
  readonly onClose: () => void;
  readonly onLaunched: (run: Run) => void;
}

export function LaunchDialog({ recipeId, given, onClose, onLaunched }: LaunchDialogProps) {
  const client = useClient();
  const memory = useLaunchMemory();
  const targets = useTargets() ?? [];
  const recipes = useQuery({ queryKey: queryKeys.recipes, queryFn: () => client.runs.recipes() });
  const [chosenId, setChosenId] = useState(recipeId);
  const [name, setName] = useState<string | null>(null);
  const [changed, setChanged] = useState<Readonly<Record<string, ParameterValue>>>(given);
  const [chosenTarget, setChosenTarget] = useState<string | null>(null);
  /** By recipe and target, so that going back and forth loses nothing. */
  const [asked, setAsked] = useState<Readonly<Record<string, ResourcesGiven>>>({});
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const list = recipes.data ?? [];
  const recipe = list.find((candidate) => candidate.id === chosenId) ?? list[0] ?? null;
  const runName = name ?? recipe?.title ?? '';

  const choices = recipe ? targetChoices(recipe, targets) : [];
  const wanted = [chosenTarget, recipe ? memory.targetOf(recipe.id) : null];
  const targetName =
    wanted.find((candidate) => choices.some(({ id }) => id === candidate)) ?? choices[0]?.id ?? null;
  const target =
    targets.find((candidate) => candidate.name === targetName && candidate.kind === 'slurm') ?? null;
  const profile = useSiteProfile(target?.name ?? null).data ?? null;
  const key = `${recipe?.id ?? ''} ${targetName ?? ''}`;
  const resources =
    asked[key] ??
    (recipe && target ? memory.resourcesOf(recipe.id, target.name) : null) ??
    (recipe ? resourcesOfRecipe(recipe) : {});
  const isValid = parseResources(resources) !== null;

  const launch = async () => {
    if (!recipe || targetName === null) return;
    setBusy(true);
    setProblem(null);
    try {
      const run = await client.runs.launch({
        recipe: recipe.id,
        name: runName,
        parameters: valuesOf(recipe, changed),
        ...(target ? { target: target.name, resources } : {}),
      });
      memory.remember(recipe.id, targetName, target ? resources : {});
      onLaunched(run);
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={target ? `Launch a run on ${target.name}` : 'Launch a run'}
      isOpen
      onClose={onClose}
      width={target ? 'full' : 'wide'}
      actions={
        <>
          {problem ? (
            <div className={styles['problem']}>
              <Problem problem={problem} />
            </div>
          ) : null}
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={!recipe || targetName === null || isBusy || !isValid || runName.trim() === ''}
            onPress={() => void launch()}
          >
            {isBusy ? 'Launching' : 'Launch'}
          </Button>
        </>
      }
    >
      {recipe ? (
        <div className={target ? styles['columns'] : ''}>
          <div className={styles['form']}>
            <Select
              label="Recipe"
              choices={list.map((one) => ({ id: one.id, label: one.title, detail: one.description }))}
              value={recipe.id}
              onChange={(id) => {
                setChosenId(id);
                setChanged({});
              }}
            />
            <p className={styles['about']}>{recipe.description}</p>
            <TextField label="Name" value={runName} onChange={setName} />
            <LaunchTarget choices={choices} target={target} value={targetName} onChange={setChosenTarget} />
            <div className={styles['parameters']}>
              {recipe.parameters.map((parameter) => (
                <ParameterField
                  key={`${recipe.id}/${parameter.name}`}
                  parameter={parameter}
                  value={changed[parameter.name] ?? parameter.default}
                  onChange={(value) => setChanged({ ...changed, [parameter.name]: value })}
                />
              ))}
            </div>
          </div>
          {target ? (
            <div className={styles['form']}>
              <ResourceForm
                profile={profile}
                resources={resources}
                problems={resourceProblems(profile, resources)}
                onChange={(next) => setAsked({ ...asked, [key]: next })}
              />
              {isValid && runName.trim() !== '' ? (
                <ScriptPreview
                  recipe={recipe.id}
                  name={runName}
                  parameters={valuesOf(recipe, changed)}
                  target={target.name}
                  resources={resources}
                />
              ) : null}
            </div>
          ) : null}
        </div>
      ) : recipes.error ? (
        <Problem problem={recipes.error} />
      ) : (
        <Skeleton label="Loading the recipes" />
      )}
    </Dialog>
  );
}

function valuesOf(recipe: Recipe, changed: Readonly<Record<string, ParameterValue>>) {
  return Object.fromEntries(
    recipe.parameters.map((parameter: RecipeParameter) => [
      parameter.name,
      changed[parameter.name] ?? parameter.default,
    ]),
  );
}

function Problem({ problem }: { readonly problem: unknown }) {
  const { title, hint, path, details } = describeError(problem);
  return <ErrorState compact title={title} hint={hint} path={path} details={details} />;
}
