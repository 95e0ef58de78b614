// The rule of a run: which new checkpoints come by themselves, how many stay, what became of the last ones.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type CheckpointRule, type RuleState } from '../../../../core/api/checkpoint-budget.ts';
import type { Checkpoint } from '../../../../core/api/checkpoints.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { notifyError } from '../../../app/notifications.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { livesKey } from '../openings.tsx';
import { RuleDialog } from './rule-dialog.tsx';
import styles from './rule.module.css';

export function RuleSection({
  run,
  checkpoints,
}: {
  readonly run: Run;
  readonly checkpoints: readonly Checkpoint[];
}) {
  const client = useClient();
  const queries = useQueryClient();
  const { readOnly } = useWorkspace();
  const [isOpen, setOpen] = useState(false);
  const key = [...livesKey, 'rules'];
  const rules = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => client.checkpoints.rules(undefined, { signal }),
  });
  const state = rules.data?.find(({ runId }) => runId === run.id) ?? null;
  const save = async (rule: CheckpointRule | null): Promise<void> => {
    try {
      await client.checkpoints.saveRule({ id: run.id, rule });
    } catch (error) {
      notifyError(error);
    }
    await queries.invalidateQueries({ queryKey: key });
  };
  if (state === null && readOnly) return null;
  return (
    <div className={styles['rule']}>
      {state === null ? null : <RuleWords state={state} />}
      {readOnly ? null : (
        <span className={styles['acts']}>
          <Button kind="quiet" onPress={() => setOpen(true)}>
            {state === null ? 'Pull new ones by a rule…' : 'Change the rule…'}
          </Button>
          {state === null ? null : (
            <Button kind="quiet" onPress={() => void save({ ...state.rule, paused: !state.rule.paused })}>
              {state.rule.paused ? 'Go on' : 'Pause'}
            </Button>
          )}
        </span>
      )}
      {isOpen ? (
        <RuleDialog
          run={run}
          rule={state?.rule ?? null}
          checkpoints={checkpoints}
          onSave={save}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </div>
  );
}

function RuleWords({ state }: { readonly state: RuleState }) {
  const { rule, done, failures } = state;
  const [failure] = failures;
  const last = done.at(-1);
  return (
    <>
      <p className={styles['words']}>
        {rule.paused ? 'Paused: every ' : 'Every '}
        {`${formatInteger(rule.every)} steps, the newest ${rule.keep} kept, as ${rule.type}${rule.verify ? ', verified' : ''}${rule.suite === null ? '' : `, suite ${rule.suite}`}.`}
        {last === undefined ? '' : ` Last: step ${formatInteger(last)}.`}
      </p>
      {failure === undefined ? null : (
        <p className={styles['bad']}>
          {`Step ${formatInteger(failure.step)}: ${failure.message}. It is tried again.`}
        </p>
      )}
    </>
  );
}
