// The rule of a run: which new checkpoints come by themselves, how many stay, what became of the last ones.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type CheckpointRule, type RuleState } from '../../../../core/api/checkpoint-budget.ts';
import type { Checkpoint } from '../../../../core/api/checkpoints.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import { formatInteger } from '../../../ui/format.ts';
import { livesKey } from '../openings.tsx';
import { RuleDialog } from './rule-dialog.tsx';
import { RuleFrame } from '../../../app/rules/rule-frame.tsx';

export function RuleSection({
  run,
  checkpoints,
}: {
  readonly run: Run;
  readonly checkpoints: readonly Checkpoint[];
}) {
  const client = useClient();
  const queries = useQueryClient();
  const key = [...livesKey, 'rules'];
  const rules = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => client.checkpoints.rules(undefined, { signal }),
  });
  const state = rules.data?.find(({ runId }) => runId === run.id) ?? null;
  const rule = state?.rule ?? null;
  const save = async (next: CheckpointRule | null): Promise<void> => {
    await client.checkpoints.saveRule({ id: run.id, rule: next }).catch(notifyError);
    await queries.invalidateQueries({ queryKey: key });
  };
  return (
    <RuleFrame
      rule={rule}
      words={state === null ? '' : wordsOf(state)}
      failure={failureOf(state)}
      createLabel="Pull new ones by a rule…"
      changeLabel="Change the rule…"
      onSave={save}
      dialog={(onClose) => (
        <RuleDialog run={run} rule={rule} checkpoints={checkpoints} onSave={save} onClose={onClose} />
      )}
    />
  );
}

function wordsOf({ rule, done }: RuleState): string {
  const last = done.at(-1);
  const what = `${rule.paused ? 'Paused: every' : 'Every'} ${formatInteger(rule.every)} steps, the newest ${rule.keep} kept, as ${rule.type}${rule.verify ? ', verified' : ''}${rule.suite === null ? '' : `, suite ${rule.suite}`}.`;
  return last === undefined ? what : `${what} Last: step ${formatInteger(last)}.`;
}

function failureOf(state: RuleState | null): string | null {
  const failure = state?.failures[0];
  return failure === undefined
    ? null
    : `Step ${formatInteger(failure.step)}: ${failure.message}. It is tried again.`;
}
