// Which weights are evaluated: a checkpoint of a run on a target, or a model that lies there.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { EvaluationSubject } from '../../../../core/api/evaluation-jobs.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { useTargets } from '../../../app/target-feed.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { NumberField } from '../../../ui/number-field.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import styles from './jobs.module.css';
import { useAllRuns } from './use-jobs.ts';

const MILLION = 1e6;

export function SubjectFields({
  onChange,
}: {
  readonly onChange: (subject: EvaluationSubject | null) => void;
}) {
  const client = useClient();
  const targets = useTargets();
  const runs = useAllRuns()?.filter(
    ({ target, evaluates }) => target !== 'this-computer' && evaluates === null,
  );
  const [kind, setKind] = useState<'checkpoint' | 'model'>('checkpoint');
  const [run, setRun] = useState<Run['id'] | null>(null);
  const [step, setStep] = useState<string | null>(null);
  const [target, setTarget] = useState<string | null>(null);
  const [model, setModel] = useState('');
  const [millions, setMillions] = useState<number | null>(null);
  const list = useQuery({
    queryKey: queryKeys.checkpoints(run ?? ''),
    enabled: run !== null,
    queryFn: ({ signal }) => (run === null ? null : client.checkpoints.list({ id: run }, { signal })),
  });
  const steps = (list.data?.checkpoints ?? []).filter(({ problem }) => problem === null).toReversed();
  const name = model.trim();
  const subject: EvaluationSubject | null =
    kind === 'checkpoint'
      ? run === null || step === null
        ? null
        : { kind, run, step: Number(step) }
      : target === null || name === ''
        ? null
        : { kind, target, model: name, parameters: millions === null ? null : millions * MILLION };
  const key = JSON.stringify(subject);
  useEffect(() => {
    onChange(JSON.parse(key) as EvaluationSubject | null);
  }, [key, onChange]);
  return (
    <>
      <Select
        label="Weights"
        choices={[
          { id: 'checkpoint', label: 'A checkpoint of a run', detail: 'where the run saved it' },
          { id: 'model', label: 'A model of a target', detail: 'a folder there, or a name on the Hub' },
        ]}
        value={kind}
        onChange={setKind}
      />
      <div className={styles['two']}>
        {kind === 'checkpoint' ? (
          <>
            <Select
              label="Run"
              choices={(runs ?? []).map(({ id, name: label, target: on }) => ({
                id,
                label,
                detail: `${on} · ${id}`,
              }))}
              value={run}
              onChange={(next) => {
                setRun(next);
                setStep(null);
              }}
              placeholder={runs?.length === 0 ? 'No run on a target' : 'Choose…'}
              isDisabled={runs?.length === 0}
            />
            <Select
              label="Step"
              choices={steps.map(({ step: one }) => ({ id: String(one), label: formatInteger(one) }))}
              value={step}
              onChange={setStep}
              placeholder={
                run !== null && list.isFetched && steps.length === 0 ? 'No whole checkpoint' : 'Choose…'
              }
              isDisabled={run === null || steps.length === 0}
            />
          </>
        ) : (
          <>
            <Select
              label="Target"
              choices={(targets ?? []).map(({ name: id }) => ({ id, label: id }))}
              value={target}
              onChange={setTarget}
              placeholder={targets?.length === 0 ? 'No target in studio.yaml' : 'Choose…'}
              isDisabled={targets?.length === 0}
            />
            <TextField
              label="Folder or name"
              mono
              placeholder="~/models/mine"
              value={model}
              onChange={setModel}
            />
            <NumberField
              label="Millions of parameters"
              placeholder="For the estimate"
              min={0.001}
              value={millions}
              onChange={setMillions}
            />
          </>
        )}
      </div>
    </>
  );
}
