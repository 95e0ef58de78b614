// An evaluation on a target is asked for: of which weights, with which tasks, on how many GPUs; what it will cost stands there before.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Cable } from 'lucide-react';
import { useState } from 'react';
import type { EvaluationRequest, EvaluationSubject } from '../../../../core/api/evaluation-jobs.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { describeError } from '../../../app/describe-error.ts';
import { notifyError } from '../../../app/notifications.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { useAttempt } from '../../../app/use-attempt.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { NumberField } from '../../../ui/number-field.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { CostView } from './cost-view.tsx';
import styles from './jobs.module.css';
import { SubjectFields } from './subject-fields.tsx';
import { jobsKey, usePresets } from './use-jobs.ts';

const OWN = 'own';

export function EvaluateDialog({
  checkpoint = null,
  onClose,
}: {
  /** Fixed where it was asked for at a checkpoint; chosen here otherwise. */
  readonly checkpoint?: { readonly run: Pick<Run, 'id' | 'name' | 'target'>; readonly step: number } | null;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const queries = useQueryClient();
  const presets = usePresets();
  const [chosen, setChosen] = useState<EvaluationSubject | null>(null);
  const [preset, setPreset] = useState<string>('italian');
  const [tasks, setTasks] = useState('');
  const [gpus, setGpus] = useState<number | null>(1);
  const [members, setMembers] = useState<number | null>(1);
  const [limit, setLimit] = useState<number | null>(null);
  const [time, setTime] = useState('');
  const [again, setAgain] = useState(false);
  const { isBusy, attempt } = useAttempt(notifyError);
  const subject: EvaluationSubject | null =
    checkpoint === null ? chosen : { kind: 'checkpoint', run: checkpoint.run.id, step: checkpoint.step };
  const isOwn = preset === OWN;
  const request: EvaluationRequest | null =
    subject === null || gpus === null || members === null || (isOwn && tasks.trim() === '')
      ? null
      : {
          subject,
          preset: isOwn ? null : preset,
          tasks: isOwn ? tasks : '',
          gpus,
          members,
          batch: 16,
          limit,
          walltime: time.trim() === '' ? null : time.trim(),
          checkout: null,
          tokenizer: null,
        };
  const plan = useQuery({
    queryKey: [...jobsKey, 'plan', JSON.stringify(request)],
    enabled: request !== null,
    queryFn: ({ signal }) => (request === null ? null : client.evaluationJobs.plan(request, { signal })),
    retry: false,
    placeholderData: (before) => before,
  });
  const shown = request === null || plan.isError ? null : (plan.data ?? null);
  const isKnown = shown?.earlier.some(({ state }) => !['failed', 'stopped', 'lost'].includes(state)) === true;
  const launch = async (): Promise<void> => {
    if (request === null) return;
    await attempt(async () => {
      const { job } = await client.evaluationJobs.launch({ ...request, again });
      await queries.invalidateQueries({ queryKey: jobsKey });
      onClose();
      navigate(href('runs', job.id));
    });
  };
  const choices = [
    ...(presets ?? []).map(({ id, title, tasks: own }) => ({ id, label: title, detail: own.join(', ') })),
    { id: OWN, label: 'Own tasks', detail: 'names of lm-evaluation-harness' },
  ];
  return (
    <Dialog
      title={
        checkpoint === null
          ? 'Evaluate on a target'
          : `Evaluate step ${formatInteger(checkpoint.step)} on ${checkpoint.run.target}`
      }
      isOpen
      width="wide"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          {shown !== null && !shown.isConnected ? (
            <Button
              kind="primary"
              icon={Cable}
              onPress={() =>
                void client.targets
                  .connect({ name: shown.target })
                  .then(() => queries.invalidateQueries({ queryKey: jobsKey }))
                  .catch(notifyError)
              }
            >{`Connect to ${shown.target}`}</Button>
          ) : (
            <Button
              kind="primary"
              isDisabled={shown === null || isBusy || (isKnown && !again)}
              onPress={() => void launch()}
            >
              Launch
            </Button>
          )}
        </>
      }
    >
      <div className={styles['form']}>
        {checkpoint === null ? (
          <SubjectFields onChange={setChosen} />
        ) : (
          <p className={styles['words']}>{checkpoint.run.name}</p>
        )}
        <Select label="Tasks" choices={choices} value={preset} onChange={setPreset} />
        {isOwn ? (
          <TextField
            label="Names, with examples and chat template"
            mono
            placeholder="m_mmlu_it@5, ifeval+chat"
            value={tasks}
            onChange={setTasks}
          />
        ) : null}
        <div className={styles['two']}>
          <NumberField label="GPUs of a job" min={1} max={64} step={1} value={gpus} onChange={setGpus} />
          <NumberField
            label="Jobs that share the tasks"
            min={1}
            max={64}
            step={1}
            value={members}
            onChange={setMembers}
            isDisabled={shown?.canShare === false}
          />
          <NumberField
            label="Questions of a task"
            placeholder="All"
            min={1}
            step={1}
            value={limit}
            onChange={setLimit}
          />
          <TextField label="Time limit" mono placeholder="12:00:00" value={time} onChange={setTime} />
        </div>
        {limit === null ? null : (
          <p className={styles['warn']}>A trial: results of a part are marked, and are no benchmark.</p>
        )}
        {plan.isError && request !== null ? (
          <p className={styles['bad']} role="alert">
            {describeError(plan.error).title}
          </p>
        ) : null}
        {shown === null ? null : <CostView plan={shown} />}
        {isKnown ? (
          <Checkbox isSelected={again} onChange={setAgain}>
            Launch it although it was launched before
          </Checkbox>
        ) : null}
      </div>
    </Dialog>
  );
}
