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
  const [problem, setProblem] = useState<unknown>(null);
  const run = runs.data?.find(({ id }) => id === source)?.id ?? null;
  const candidates = useQuery({
    queryKey: suiteKeys.candidates(name, run),
    queryFn: ({ signal }) => client.suites.candidates({ suite: name, run }, { signal }),
  });
  const list = candidates.data ?? [];
  const ready = list.flatMap(({ path, problem: reason }) => (path === null || reason !== null ? [] : [path]));
  const chosen = ready.filter((path) => !left.has(path));
  const missing = list
    .filter(({ path }) => path !== null && chosen.includes(path))
    .reduce((sum, { total, answers }) => sum + total - answers, 0);
  const chats = suite.prompts.filter(({ input }) => input.kind === 'chat').length;
  const start = async () => {
    try {
      await client.suites.start({ suite: name, models: chosen });
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
            {chosen.length === 0
              ? 'No model chosen'
              : missing === 0
                ? 'Everything is answered already'
                : `${formatQuantity(missing, 'answer')} to make`}
          </span>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={chosen.length === 0} onPress={() => void start()}>
            {chosen.length === 0 ? 'Run suite' : `Run with ${formatQuantity(chosen.length, 'model')}`}
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
}) {
  const { list, chats, isChosen, onChoose, onAll, isAll } = props;
  const some = list.some(({ path }) => path !== null && isChosen(path));
  return (
    <div className={styles['list']}>
      <Checkbox isSelected={isAll} isIndeterminate={!isAll && some} onChange={onAll}>
        All that are ready
      </Checkbox>
      <ul aria-label="Models">
        {list.map((one) => (
          <li key={one.path ?? one.name} className={styles['candidate']}>
            <Checkbox
              isSelected={one.path !== null && isChosen(one.path)}
              isDisabled={one.path === null || one.problem !== null}
              onChange={(next) => {
                if (one.path !== null) onChoose(one.path, next);
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
  { path, type, run, answers, total, problem, hasTemplate }: SuiteCandidate,
  chats: number,
): string {
  const tokens = run?.tokens == null ? '' : `${formatCount(run.tokens)} tokens`;
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
