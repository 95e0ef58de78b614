// The rule of a run that evaluates its new checkpoints on its target: for the view of the run.
import { useQueryClient } from '@tanstack/react-query';
import type { EvaluationRule } from '../../../../core/api/evaluation-jobs.ts';
import type { Checkpoint } from '../../../../core/api/checkpoints.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import { RuleFrame } from '../../../app/rules/rule-frame.tsx';
import { EvaluationRuleDialog } from './rule-dialog.tsx';
import { failureText, launchedText, ruleText } from './rule-words.ts';
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
  const state = useEvaluationRules()?.find(({ runId }) => runId === run.id) ?? null;
  const save = async (rule: EvaluationRule | null): Promise<void> => {
    await client.evaluationJobs.saveRule({ id: run.id, rule }).catch(notifyError);
    await queries.invalidateQueries({ queryKey: rulesKey });
  };
  if (run.target === 'this-computer') return null;
  return (
    <RuleFrame
      rule={state?.rule ?? null}
      words={state === null ? '' : `${ruleText(state)}; ${launchedText(state)}`}
      failure={state === null ? null : failureText(state)}
      createLabel={`Evaluate new ones on ${run.target}…`}
      changeLabel="Change what is evaluated…"
      onSave={save}
      dialog={(onClose) => (
        <EvaluationRuleDialog
          run={run}
          rule={state?.rule ?? null}
          checkpoints={checkpoints}
          onSave={save}
          onClose={onClose}
        />
      )}
    />
  );
}
