// Goes on with a run that is over: as the same run with one more job, longer than it was, or as a fork with a config of its own. What
// there is to go on from is read from the target when somebody asks.
import { useQuery } from '@tanstack/react-query';
import { GitFork, StepForward } from 'lucide-react';
import { useState } from 'react';
import type { RunCheckpoint } from '../../../../core/api/launches.ts';
import type { Recipe, Run } from '../../../../core/api/runs.ts';
import { describeError } from '../../../app/describe-error.ts';
import { notify } from '../../../app/notifications.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { useTargets } from '../../../app/target-feed.tsx';
import { useAttempt } from '../../../app/use-attempt.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { Section } from '../../../ui/pane.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { LaunchDialog } from '../launch/launch-dialog.tsx';
import type { LaunchStart } from '../launch/launch-step.ts';
import styles from './run-inspector.module.css';
import { isLive } from '../run-state.tsx';

type Mode = 'resume' | 'fork';

/** Draws nothing for a run whose recipe does not say how it goes on. */
export function RunContinue({ run }: { readonly run: Run }) {
  const client = useClient();
  const recipes = useQuery({ queryKey: queryKeys.recipes, queryFn: () => client.runs.recipes() });
  const recipe = recipes.data?.find(({ id }) => id === run.recipe) ?? null;
  const [mode, setMode] = useState<Mode | null>(null);
  const [fork, setFork] = useState<LaunchStart | null>(null);
  if (recipe?.resume == null || run.target === 'this-computer') return null;
  const canResume = !isLive(run) && (run.state !== 'done' || recipe.canExtend);
  const canFork = recipe.resume === 'checkpoint';
  if (!canResume && !canFork) return null;
  return (
    <Section title="Go on">
      <div className={styles['acts']}>
        {canResume ? (
          <Button icon={StepForward} onPress={() => setMode('resume')}>
            {run.state === 'done' ? 'Extend…' : 'Resume…'}
          </Button>
        ) : null}
        {canFork ? (
          <Button icon={GitFork} onPress={() => setMode('fork')}>
            Fork…
          </Button>
        ) : null}
      </div>
      {mode === null ? null : (
        <ContinueDialog
          run={run}
          recipe={recipe}
          mode={mode}
          onClose={() => setMode(null)}
          onFork={(start) => {
            setMode(null);
            setFork(start);
          }}
        />
      )}
      {fork === null ? null : (
        <LaunchDialog
          start={fork}
          onClose={() => setFork(null)}
          onLaunched={(launched) => {
            setFork(null);
            navigate(href('runs', launched.id, { with: run.id }));
          }}
        />
      )}
    </Section>
  );
}

const NEWEST = 'newest';

function ContinueDialog({
  run,
  recipe,
  mode,
  onClose,
  onFork,
}: {
  readonly run: Run;
  readonly recipe: Recipe;
  readonly mode: Mode;
  readonly onClose: () => void;
  readonly onFork: (start: LaunchStart) => void;
}) {
  const client = useClient();
  const hasCheckpoints = recipe.resume === 'checkpoint';
  const found = useQuery({
    queryKey: [...queryKeys.runs, 'checkpoints', run.id, run.jobId],
    queryFn: ({ signal }) => client.runs.checkpoints({ id: run.id }, { signal }),
    enabled: hasCheckpoints,
    staleTime: 0,
    retry: false,
  });
  const hasScheduler = useTargets()?.find(({ name }) => name === run.target)?.kind === 'slurm';
  const [chosen, setChosen] = useState(NEWEST);
  const [steps, setSteps] = useState<number | null>(null);
  const [walltime, setWalltime] = useState('');
  const { isBusy, failure: problem, attempt } = useAttempt();
  const checkpoints = found.data?.checkpoints ?? [];
  const whole = checkpoints.filter(({ isComplete }) => isComplete);
  const checkpoint = chosen === NEWEST ? whole[0] : whole.find(({ step }) => String(step) === chosen);
  const mustExtend = run.state === 'done' && hasCheckpoints;
  const isReady =
    !hasCheckpoints || (checkpoint !== undefined && (mode === 'fork' || !mustExtend || steps !== null));

  const resume = async () => {
    await attempt(async () => {
      const step = chosen === NEWEST ? null : Number(chosen);
      await client.runs.resume({
        id: run.id,
        step,
        steps,
        walltime: walltime.trim() === '' ? null : walltime.trim(),
      });
      notify({ severity: 'info', title: `${run.name} goes on` });
      onClose();
    });
  };
  const fork = () => {
    if (checkpoint === undefined) return;
    onFork({
      recipe: recipe.id,
      name: `${run.name} from ${checkpoint.step}`,
      target: run.target,
      parameters: run.parameters,
      from: { run: run.id, step: checkpoint.step, checkpoint: checkpoint.path },
      parentName: run.name,
    });
  };
  const verb = mode === 'fork' ? 'Fork…' : mustExtend ? 'Extend' : 'Resume';
  return (
    <Dialog
      title={`${verb.replace('…', '')} ${run.name}`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={!isReady || isBusy}
            onPress={() => (mode === 'fork' ? fork() : void resume())}
          >
            {isBusy ? 'Submitting' : verb}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <p className={styles['text']}>
          {mode === 'fork'
            ? 'A new run with a folder, a config and parameters of its own, which starts from a checkpoint of this one.'
            : hasCheckpoints
              ? 'The same run with one more job: log and curves go on where they were.'
              : 'The same run with one more job: it skips what is done.'}
        </p>
        {!hasCheckpoints ? null : found.isPending ? (
          <Skeleton label="Looking for checkpoints on the target" rows={2} />
        ) : found.error ? (
          <ErrorState compact {...describeError(found.error)} />
        ) : whole.length === 0 ? (
          <p className={styles['text']} role="status">
            {`There is no whole checkpoint${found.data.folder === null ? ': the folder is not there' : ` in ${found.data.folder}`}.`}
          </p>
        ) : (
          <Select
            label="Checkpoint"
            choices={choicesOf(checkpoints, whole)}
            value={chosen}
            onChange={setChosen}
          />
        )}
        {mode === 'resume' && recipe.canExtend ? (
          <NumberField
            label={mustExtend ? 'New last step' : 'New last step, to extend it'}
            min={1}
            step={1}
            value={steps}
            onChange={setSteps}
            placeholder={mustExtend ? '' : 'As it was'}
          />
        ) : null}
        {mode === 'resume' && hasScheduler ? (
          <TextField
            label="Time limit of the new job"
            mono
            value={walltime}
            onChange={setWalltime}
            placeholder="As it was"
          />
        ) : null}
        {problem ? <ErrorState compact {...describeError(problem)} /> : null}
      </div>
    </Dialog>
  );
}

function choicesOf(checkpoints: readonly RunCheckpoint[], whole: readonly RunCheckpoint[]) {
  const newest = whole[0];
  const torn = checkpoints.length - whole.length;
  const words = (one: RunCheckpoint): string =>
    `${one.path}${one.hasOptimizer === false ? ' · without its optimizer' : ''}`;
  return [
    {
      id: NEWEST,
      label: `The newest whole one${newest === undefined ? '' : `: step ${newest.step}`}`,
      detail: torn === 0 ? 'All are whole' : `${torn} not whole, left out`,
    },
    ...whole.map((one) => ({ id: String(one.step), label: `Step ${one.step}`, detail: words(one) })),
  ];
}
