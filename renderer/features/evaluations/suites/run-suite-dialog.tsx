// Which models a suite is run with: any of the workspace, or the checkpoints of one run, with what is answered already and what
// has to be pulled and converted first.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SuiteCandidate } from '../../../../core/api/suites.ts';
import type { Suite } from '../../../../core/lib/suites/suite.ts';
import { describeError } from '../../../app/describe-error.ts';
import { Link } from '../../../app/link.tsx';
import { queryKeys } from '../../../app/query-keys.ts';
import { href } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatCount, formatQuantity } from '../../../ui/format.ts';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import styles from './run-suite-dialog.module.css';
import { suiteKeys } from './use-suites.ts';

const ALL = '-all-';

export interface RunSuiteDialogProps {
  readonly name: string;
  readonly suite: Suite;
  readonly onClose: () => void;
}

export function RunSuiteDialog({ name, suite, onClose }: RunSuiteDialogProps) {
  const client = useClient();
  const queries = useQueryClient();
  const runs = useQuery({ queryKey: queryKeys.runs, queryFn: () => client.runs.list() });
  const [source, setSource] = useState(ALL);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  /** Steps that are pulled and converted for this. */
  const [made, setMade] = useState<ReadonlySet<number>>(new Set());
  const [problem, setProblem] = useState<unknown>(null);
  const run = runs.data?.find(({ id }) => id === source)?.id ?? null;
  const candidates = useQuery({
    queryKey: suiteKeys.candidates(name, run),
    queryFn: ({ signal }) => client.suites.candidates({ suite: name, run }, { signal }),
  });
  const list = candidates.data ?? [];
  const ready = list.flatMap(({ path, problem: reason }) => (path === null || reason !== null ? [] : [path]));
  const chosen = ready.filter((path) => !left.has(path));
  const unmade = list.flatMap(({ run: of, canBeMade }) => (canBeMade && of !== null ? [of.step] : []));
  const steps = unmade.filter((step) => made.has(step));
  const models = chosen.length + steps.length;
  const missing = list
    .filter(({ path }) => path !== null && chosen.includes(path))
    .reduce((sum, { total, answers }) => sum + total - answers, 0);
  const chats = suite.prompts.filter(({ input }) => input.kind === 'chat').length;
  const start = async () => {
    try {
      await client.suites.start({
        suite: name,
        models: chosen,
        checkpoints: run === null ? [] : steps.map((step) => ({ run, step })),
      });
      await queries.invalidateQueries({ queryKey: suiteKeys.table(name) });
      onClose();
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Dialog
      title={`Run ${suite.title}`}
      isOpen
      width="wide"
      onClose={onClose}
      actions={
        <>
          <span className={styles['sum']}>
            {models === 0
              ? 'No model chosen'
              : steps.length > 0
                ? `${formatQuantity(steps.length, 'step')} to pull and convert first`
                : missing === 0
                  ? 'Everything is answered already'
                  : `${formatQuantity(missing, 'answer')} to make`}
          </span>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={models === 0} onPress={() => void start()}>
            {models === 0 ? 'Run suite' : `Run with ${formatQuantity(models, 'model')}`}
          </Button>
        </>
      }
    >
      <Select
        label="Models of"
        choices={[
          { id: ALL, label: 'This workspace', detail: 'every GGUF file' },
          ...(runs.data ?? []).map(({ id, name: title }) => ({
            id: String(id),
            label: title,
            detail: 'its checkpoints',
          })),
        ]}
        value={source}
        onChange={(next) => {
          setSource(next);
          setLeft(new Set());
          setMade(new Set());
        }}
      />
      {candidates.error ? (
        <ErrorState compact {...describeError(candidates.error)} />
      ) : candidates.data === undefined ? (
        <Skeleton label="Looking for models" rows={3} />
      ) : list.length === 0 ? (
        <p className={styles['none']}>
          {run === null
            ? 'There is no GGUF file in this workspace yet'
            : 'This run has saved no checkpoint yet'}
        </p>
      ) : (
        <Candidates
          list={list}
          chats={chats}
          isChosen={(path) => chosen.includes(path)}
          onChoose={(path, isChosen) => {
            const next = new Set(left);
            if (isChosen) next.delete(path);
            else next.add(path);
            setLeft(next);
          }}
          steps={made}
          onStep={(step, isChosen) => {
            const next = new Set(made);
            if (isChosen) next.add(step);
            else next.delete(step);
            setMade(next);
          }}
          unmade={unmade.length}
          onAllSteps={(isChosen) => setMade(new Set(isChosen ? unmade : []))}
          onAll={(isChosen) => setLeft(new Set(isChosen ? [] : ready))}
          isAll={chosen.length === ready.length && ready.length > 0}
        />
      )}
      {problem === null ? null : <ErrorState compact {...describeError(problem)} />}
    </Dialog>
  );
}

function Candidates(props: {
  readonly list: readonly SuiteCandidate[];
  /** Prompts that need a chat template. */
  readonly chats: number;
  readonly isChosen: (path: string) => boolean;
  readonly onChoose: (path: string, isChosen: boolean) => void;
  readonly onAll: (isChosen: boolean) => void;
  readonly isAll: boolean;
  /** Steps without a model that are to be made. */
  readonly steps: ReadonlySet<number>;
  readonly onStep: (step: number, isChosen: boolean) => void;
  readonly unmade: number;
  readonly onAllSteps: (isChosen: boolean) => void;
}) {
  const { list, chats, isChosen, onChoose, onAll, isAll, steps, unmade } = props;
  const some = list.some(({ path }) => path !== null && isChosen(path));
  return (
    <div className={styles['list']}>
      <Checkbox isSelected={isAll} isIndeterminate={!isAll && some} onChange={onAll}>
        All that are ready
      </Checkbox>
      {unmade > 0 ? (
        <Checkbox
          isSelected={steps.size === unmade}
          isIndeterminate={steps.size > 0 && steps.size < unmade}
          onChange={props.onAllSteps}
        >
          {`Pull and convert ${unmade === 1 ? 'the step' : `the ${unmade} steps`} without a model, one after another`}
        </Checkbox>
      ) : null}
      <ul aria-label="Models">
        {list.map((one) => (
          <li key={one.path ?? one.name} className={styles['candidate']}>
            <Checkbox
              isSelected={
                one.path === null ? one.run !== null && steps.has(one.run.step) : isChosen(one.path)
              }
              isDisabled={one.problem !== null || (one.path === null && !one.canBeMade)}
              onChange={(next) => {
                if (one.path !== null) onChoose(one.path, next);
                else if (one.run !== null) props.onStep(one.run.step, next);
              }}
            >
              {one.name}
            </Checkbox>
            <span className={styles['facts']}>{factsOf(one, chats)}</span>
            {one.path === null && one.run !== null ? (
              <Link to={href('runs', one.run.id, { checkpoint: String(one.run.step) })}>Show checkpoint</Link>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}

function factsOf(
  { path, type, run, answers, total, problem, hasTemplate, canBeMade }: SuiteCandidate,
  chats: number,
): string {
  const tokens = run?.tokens == null ? '' : `${formatCount(run.tokens)} tokens`;
  if (canBeMade) return [tokens, 'not here yet'].filter((part) => part !== '').join(' · ');
  if (problem !== null) return [tokens, problem].filter((part) => part !== '').join(' · ');
  const isBase = !hasTemplate && chats > 0;
  return [
    tokens,
    type?.toLowerCase() ?? '',
    total === 0 ? '' : answers === total ? 'answered' : `${answers} of ${total} answered`,
    isBase ? `no chat template: ${formatQuantity(chats, 'prompt')} left out` : '',
    run === null ? (path ?? '') : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
