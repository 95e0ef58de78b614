// A rule is written: which sets of tasks are run on each new checkpoint, from which step on, on how many GPUs.
import { useState } from 'react';
import type { EvaluationRule } from '../../../../core/api/evaluation-jobs.ts';
import type { Checkpoint } from '../../../../core/api/checkpoints.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { newestInterval } from '../../../../core/lib/checkpoints/rule-steps.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { NumberField } from '../../../ui/number-field.tsx';
import { RuleDialogFrame } from '../../../app/rules/rule-frame.tsx';
import styles from './jobs.module.css';
import { usePresets } from './use-jobs.ts';

export function EvaluationRuleDialog({
  run,
  rule,
  checkpoints,
  onSave,
  onClose,
}: {
  readonly run: Pick<Run, 'name' | 'target'>;
  readonly rule: EvaluationRule | null;
  /** Oldest first. */
  readonly checkpoints: readonly Pick<Checkpoint, 'step' | 'problem'>[];
  readonly onSave: (rule: EvaluationRule | null) => Promise<void>;
  readonly onClose: () => void;
}) {
  const presets = usePresets();
  const newest = checkpoints.at(-1)?.step ?? 0;
  const [chosen, setChosen] = useState<readonly string[]>(rule?.presets ?? ['italian']);
  const [every, setEvery] = useState<number | null>(rule?.every ?? newestInterval(checkpoints));
  // The past is not evaluated unless somebody says so.
  const [from, setFrom] = useState<number | null>(rule?.from ?? newest + 1);
  const [gpus, setGpus] = useState<number | null>(rule?.gpus ?? 1);
  const [members, setMembers] = useState<number | null>(rule?.members ?? 1);
  const isWhole = every !== null && from !== null && gpus !== null && members !== null && chosen.length > 0;
  const now =
    every === null || from === null
      ? 0
      : checkpoints.filter(({ step, problem }) => problem === null && step >= from && step % every === 0)
          .length;
  return (
    <RuleDialogFrame
      title={`Evaluate new checkpoints of ${run.name}`}
      words={`While a studio has this workspace open and ${run.target} is connected, a job for each set is launched there once a checkpoint is whole. What was launched before, by hand too, is not launched again.`}
      exists={rule !== null}
      rule={
        isWhole
          ? {
              format: 1,
              presets: [...chosen],
              every,
              from,
              gpus,
              members,
              batch: rule?.batch ?? 16,
              walltime: rule?.walltime ?? null,
              paused: rule?.paused ?? false,
            }
          : null
      }
      onSave={onSave}
      onClose={onClose}
    >
      <fieldset className={styles['sets']}>
        <legend className="visually-hidden">Sets of tasks</legend>
        {(presets ?? []).map(({ id, title }) => (
          <Checkbox
            key={id}
            isSelected={chosen.includes(id)}
            onChange={(isOn) => setChosen(isOn ? [...chosen, id] : chosen.filter((one) => one !== id))}
          >
            {title}
          </Checkbox>
        ))}
      </fieldset>
      <div className={styles['two']}>
        <NumberField label="Every so many steps" min={1} step={1} value={every} onChange={setEvery} />
        <NumberField label="From step" min={0} step={1} value={from} onChange={setFrom} />
        <NumberField label="GPUs of a job" min={1} max={64} step={1} value={gpus} onChange={setGpus} />
        <NumberField
          label="Jobs that share the tasks"
          min={1}
          max={64}
          step={1}
          value={members}
          onChange={setMembers}
        />
      </div>
      <p className={styles['words']}>
        {now === 0
          ? 'None of the checkpoints there are now.'
          : `${formatInteger(now * chosen.length)} evaluations of checkpoints there are now, unless they were launched before.`}
      </p>
    </RuleDialogFrame>
  );
}
