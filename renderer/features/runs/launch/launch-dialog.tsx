// Launches a run, or several that follow each other. What preflight finds is shown before anything is queued; a person may launch in
// spite of it, and that is kept with the run.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PreflightFinding } from '../../../../core/api/launches.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { describeError } from '../../../app/describe-error.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { useTargets } from '../../../app/target-feed.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { LaunchActions } from './launch-actions.tsx';
import styles from './launch-dialog.module.css';
import { LaunchForm } from './launch-form.tsx';
import { useLaunchMemory } from './launch-memory.ts';
import {
  type LaunchRequest,
  type LaunchStart,
  type LaunchStep,
  newStep,
  placeOf,
  recipeOf,
  requestOf,
  type StepPlace,
} from './launch-step.ts';
import { LaunchSteps } from './launch-steps.tsx';
import { targetChoices } from './launch-target.tsx';
import { PreflightList } from './preflight-list.tsx';
import { parseResources } from './resources-given.ts';

export interface LaunchDialogProps {
  readonly start: LaunchStart;
  readonly onClose: () => void;
  readonly onLaunched: (run: Run) => void;
}

/** As many as core takes. */
const MAX_STEPS = 12;

/** What was found, for exactly what was asked for then. */
interface Checked {
  readonly asked: string;
  readonly findings: readonly (readonly PreflightFinding[])[];
}

export function LaunchDialog({ start, onClose, onLaunched }: LaunchDialogProps) {
  const client = useClient();
  const memory = useLaunchMemory();
  const targets = useTargets() ?? [];
  const recipes = useQuery({ queryKey: queryKeys.recipes, queryFn: () => client.runs.recipes() });
  const [steps, setSteps] = useState<readonly LaunchStep[]>(() => [newStep(start)]);
  const [current, setCurrent] = useState(0);
  const [chosenTarget, setChosenTarget] = useState<string | null>(start.target ?? null);
  const [busy, setBusy] = useState<'checking' | 'launching' | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [checked, setChecked] = useState<Checked | null>(null);

  const isFork = start.from !== undefined;
  const list = recipes.data ?? [];
  const shownIndex = Math.min(current, steps.length - 1);
  const [first = newStep(start)] = steps;
  const shown = steps[shownIndex] ?? first;
  const firstRecipe = recipeOf(first, list);
  const choices = firstRecipe ? targetChoices(firstRecipe, targets) : [];
  const wanted = [chosenTarget, firstRecipe ? memory.targetOf(firstRecipe.id) : null];
  const targetName =
    wanted.find((candidate) => choices.some(({ id }) => id === candidate)) ?? choices[0]?.id ?? null;
  const target =
    targets.find((candidate) => candidate.name === targetName && candidate.kind !== 'local') ?? null;
  // What follows another run waits in the same queue.
  const followers = list.filter((one) =>
    one.targets.includes(target?.kind === 'ssh-processes' ? 'workstation' : 'cluster'),
  );
  const recipe = recipeOf(shown, shownIndex > 0 ? followers : list);

  const placeAt = (step: LaunchStep, index: number): StepPlace => {
    const own = recipeOf(step, index > 0 ? followers : list);
    const name = targetName ?? '';
    const remembered = own && target ? memory.resourcesOf(own.id, name) : null;
    return {
      target: name,
      isCluster: target !== null,
      resources: step.asked[placeOf(own?.id ?? '', name)] ?? remembered ?? own?.resources ?? {},
      from: index === 0 ? (start.from ?? null) : null,
    };
  };
  const requests = steps.flatMap((step, index): LaunchRequest[] => {
    const own = recipeOf(step, index > 0 ? followers : list);
    return own === null ? [] : [requestOf(step, own, placeAt(step, index))];
  });
  const asked = JSON.stringify(requests);
  const findings = checked?.asked === asked ? checked.findings : null;
  const isReady =
    targetName !== null &&
    requests.length === steps.length &&
    requests.every(({ name, resources }) => name !== '' && parseResources(resources) !== null);

  const change = (step: LaunchStep): void =>
    setSteps(steps.map((one, index) => (index === shownIndex ? step : one)));
  const check = async (): Promise<readonly (readonly PreflightFinding[])[]> => {
    const all: (readonly PreflightFinding[])[] = [];
    for (const [index, request] of requests.entries()) {
      const earlier = requests.slice(0, index).map(({ recipe, parameters }) => ({ recipe, parameters }));
      all.push((await client.runs.preflight({ ...request, earlier })).findings);
    }
    setChecked({ asked, findings: all });
    return all;
  };
  /** `overriding`: findings that the person has seen. */
  const launch = async (overriding: readonly (readonly PreflightFinding[])[]): Promise<void> => {
    setBusy('launching');
    const whole = requests.map((request, index) => ({
      ...request,
      overridden: (overriding[index] ?? []).filter(({ severity }) => severity !== 'info'),
    }));
    const [only] = whole;
    const run =
      whole.length === 1 && only
        ? await client.runs.launch(only)
        : (await client.runs.launchChain({ steps: whole })).runs[0];
    for (const { recipe: id, resources } of requests) memory.remember(id, targetName ?? '', resources);
    if (run) onLaunched(run);
  };
  const perform = async (act: 'check' | 'launch'): Promise<void> => {
    setProblem(null);
    setBusy('checking');
    try {
      if (act === 'launch' && findings !== null) await launch(findings);
      else {
        const found = await check();
        if (act === 'launch' && !found.flat().some(isInTheWay)) await launch([]);
      }
    } catch (error) {
      setProblem(error);
    }
    setBusy(null);
  };
  const isInTheWay = ({ severity }: PreflightFinding): boolean =>
    severity === 'error' || (severity === 'warning' && target !== null);

  return (
    <Dialog
      title={titleOf(start, steps.length, target?.name ?? null)}
      isOpen
      onClose={onClose}
      // A click beside it must not throw an edited script away.
      isDismissable={steps.every(({ scripts }) => Object.keys(scripts).length === 0)}
      width={target ? 'full' : 'wide'}
      actions={
        <LaunchActions
          findings={findings}
          isInTheWay={isInTheWay}
          runs={steps.length}
          onAdd={
            target === null || steps.length >= MAX_STEPS
              ? null
              : () => {
                  setSteps([...steps, newStep({ recipe: followerOf(requests.at(-1)?.recipe ?? '') })]);
                  setCurrent(steps.length);
                }
          }
          busy={busy}
          isReady={isReady}
          problem={problem}
          onClose={onClose}
          onBack={() => setChecked(null)}
          onCheck={() => void perform('check')}
          onLaunch={() => void perform('launch')}
        />
      }
    >
      {recipe ? (
        findings === null ? (
          <>
            <LaunchSteps
              names={requests.map(({ name }) => (name === '' ? 'No name' : name))}
              current={shownIndex}
              onShow={setCurrent}
              onRemove={(index) => {
                setSteps(steps.filter((_, place) => place !== index));
                setCurrent(Math.max(0, index - 1));
              }}
            />
            <LaunchForm
              key={shown.key}
              step={shown}
              recipes={shownIndex > 0 ? followers : list}
              recipe={recipe}
              targets={targets}
              target={target}
              place={placeAt(shown, shownIndex)}
              onTarget={shownIndex > 0 || isFork ? null : setChosenTarget}
              onChange={change}
            />
          </>
        ) : (
          <Findings names={requests.map(({ name }) => name)} findings={findings} />
        )
      ) : recipes.error ? (
        <ErrorState compact {...describeError(recipes.error)} />
      ) : (
        <Skeleton label="Loading the recipes" />
      )}
    </Dialog>
  );
}

function Findings({
  names,
  findings,
}: {
  readonly names: readonly string[];
  readonly findings: readonly (readonly PreflightFinding[])[];
}) {
  return (
    <>
      {findings.map((found, index) => (
        <section key={`${index} ${names[index]}`} className={styles['found']}>
          {findings.length > 1 ? <h3 className={styles['scriptTitle']}>{names[index]}</h3> : null}
          {found.length === 0 ? (
            <p className={styles['about']}>Nothing is in the way.</p>
          ) : (
            <PreflightList label={`Found for ${names[index] ?? ''}`} findings={found} />
          )}
        </section>
      ))}
    </>
  );
}

function titleOf({ from, parentName }: LaunchStart, runs: number, target: string | null): string {
  if (from) return `Fork ${parentName ?? from.run}${from.step === null ? '' : ` from step ${from.step}`}`;
  const what = runs > 1 ? `${runs} runs` : 'a run';
  return target === null ? `Launch ${what}` : `Launch ${what} on ${target}`;
}

/** What a team does next; any other recipe can be chosen. */
const usual: Readonly<Record<string, string>> = {
  tokenize: 'pretrain-nanotron',
  score: 'filter',
  filter: 'tokenize',
  'pretrain-nanotron': 'convert-nanotron',
  'convert-nanotron': 'evaluate-lm-eval',
  'sft-trl': 'evaluate-lm-eval',
  'sft-axolotl': 'evaluate-lm-eval',
  'dpo-trl': 'evaluate-lm-eval',
};

function followerOf(recipe: string): string | null {
  return usual[recipe] ?? null;
}
