// A rule is written: every so many steps, how many are kept, as which type, verified or not, and which suite is run.
import { useState } from 'react';
import { type CheckpointRule } from '../../../../core/api/checkpoint-budget.ts';
import type { Checkpoint } from '../../../../core/api/checkpoints.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { newestInterval } from '../../../../core/lib/checkpoints/rule-steps.ts';
import { weightTypes } from '../../../../core/lib/conversion/gguf-metadata.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { RuleDialogFrame } from '../../../app/rules/rule-frame.tsx';

export function RuleDialog({
  run,
  rule,
  checkpoints,
  onSave,
  onClose,
}: {
  readonly run: Run;
  readonly rule: CheckpointRule | null;
  readonly checkpoints: readonly Checkpoint[];
  readonly onSave: (rule: CheckpointRule | null) => Promise<void>;
  readonly onClose: () => void;
}) {
  const [every, setEvery] = useState<number | null>(rule?.every ?? newestInterval(checkpoints));
  const [keep, setKeep] = useState<number | null>(rule?.keep ?? 5);
  const [type, setType] = useState(rule?.type ?? 'q8_0');
  const [verify, setVerify] = useState(rule?.verify ?? true);
  const [suite, setSuite] = useState(rule?.suite ?? '');
  const named = suite.trim() === '' ? null : suite.trim();
  return (
    <RuleDialogFrame
      title={`New checkpoints of ${run.name}`}
      words="While a studio has this workspace open and its target is connected, whole checkpoints come here by themselves, once each. Older ones that the rule brought go to the trash; what is pinned stays."
      exists={rule !== null}
      rule={
        every === null || keep === null
          ? null
          : { format: 1, every, keep, type, verify, suite: named, paused: rule?.paused ?? false }
      }
      onSave={onSave}
      onClose={onClose}
    >
      <NumberField label="Every so many steps" min={1} step={1} value={every} onChange={setEvery} />
      <NumberField
        label="Newest ones that are kept"
        min={1}
        max={1000}
        step={1}
        value={keep}
        onChange={setKeep}
      />
      <Select
        label="Type of the weights"
        choices={weightTypes.map((id) => ({ id, label: id }))}
        value={type}
        onChange={setType}
      />
      <Checkbox isSelected={verify} onChange={setVerify}>
        Verify each model against its source
      </Checkbox>
      <TextField label="Prompt suite to run on each" placeholder="None" value={suite} onChange={setSuite} />
    </RuleDialogFrame>
  );
}
