// Launches a recipe on this computer: choose it, name the run, set its parameters.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Recipe, RecipeParameter, Run } from '../../../core/api/runs.ts';
import { describeError } from '../../app/describe-error.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { useClient } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Select } from '../../ui/select.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './launch-dialog.module.css';
import { type ParameterValue, ParameterField } from './parameter-field.tsx';

export interface LaunchDialogProps {
  readonly recipeId: string | null;
  readonly onClose: () => void;
  readonly onLaunched: (run: Run) => void;
}

export function LaunchDialog({ recipeId, onClose, onLaunched }: LaunchDialogProps) {
  const client = useClient();
  const recipes = useQuery({ queryKey: queryKeys.recipes, queryFn: () => client.runs.recipes() });
  const [chosenId, setChosenId] = useState(recipeId);
  const [name, setName] = useState<string | null>(null);
  const [changed, setChanged] = useState<Readonly<Record<string, ParameterValue>>>({});
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const list = (recipes.data ?? []).filter(({ targets }) => targets.includes('this-computer'));
  const recipe = list.find((candidate) => candidate.id === chosenId) ?? list[0] ?? null;
  const runName = name ?? recipe?.title ?? '';

  const launch = async () => {
    if (!recipe) return;
    setBusy(true);
    setProblem(null);
    try {
      onLaunched(
        await client.runs.launch({ recipe: recipe.id, name: runName, parameters: valuesOf(recipe, changed) }),
      );
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };

  return (
    <Dialog
      title="Launch a run on this computer"
      isOpen
      onClose={onClose}
      width="wide"
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={!recipe || isBusy || runName.trim() === ''}
            onPress={() => void launch()}
          >
            {isBusy ? 'Launching' : 'Launch'}
          </Button>
        </>
      }
    >
      {recipe ? (
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
          {problem ? <Problem problem={problem} /> : null}
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
