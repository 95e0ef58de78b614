// The rule of a run that evaluates its new checkpoints on its target: for the view of the run.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { EvaluationRule } from '../../../../core/api/evaluation-jobs.ts';
import type { Checkpoint } from '../../../../core/api/checkpoints.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { notifyError } from '../../../app/notifications.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import styles from './jobs.module.css';
import { EvaluationRuleDialog } from './rule-dialog.tsx';
import { RuleWords } from './rule-words.tsx';
import { rulesKey, useEvaluationRules } from './use-jobs.ts';

export function EvaluationRuleSection({
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
  const state = useEvaluationRules()?.find(({ runId }) => runId === run.id) ?? null;
  const save = async (rule: EvaluationRule | null): Promise<void> => {
    await client.evaluationJobs.saveRule({ id: run.id, rule }).catch(notifyError);
    await queries.invalidateQueries({ queryKey: rulesKey });
  };
  if (run.target === 'this-computer' || (state === null && readOnly)) return null;
  return (
    <div>
      {state === null ? null : <RuleWords state={state} />}
      {readOnly ? null : (
        <span className={styles['acts']}>
          <Button kind="quiet" onPress={() => setOpen(true)}>
            {state === null ? `Evaluate new ones on ${run.target}…` : 'Change what is evaluated…'}
          </Button>
          {state === null ? null : (
            <Button kind="quiet" onPress={() => void save({ ...state.rule, paused: !state.rule.paused })}>
              {state.rule.paused ? 'Go on' : 'Pause'}
            </Button>
          )}
        </span>
      )}
      {isOpen ? (
        <EvaluationRuleDialog
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
