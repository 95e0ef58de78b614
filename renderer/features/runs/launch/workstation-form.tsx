// What a run asks a workstation for: GPUs, which it waits for. There is no queue, no time limit and no other node.
import type { SiteProfile } from '../../../../core/api/targets.ts';
import { FieldRow } from '../../../ui/field-row.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import styles from './launch-dialog.module.css';
import type { ResourceProblems } from './resource-limits.ts';
import type { ResourcesGiven } from './resources-given.ts';

export function WorkstationForm({
  profile,
  resources,
  problems,
  onChange,
}: {
  readonly profile: SiteProfile | null;
  readonly resources: ResourcesGiven;
  readonly problems: ResourceProblems;
  readonly onChange: (resources: ResourcesGiven) => void;
}) {
  const isBlind = profile !== null && !('nvidia-smi' in profile.programs);
  const problem = problems.gpuDevices;
  return (
    <div className={styles['resources']}>
      <FieldRow
        label="GPUs"
        hint={
          isBlind
            ? 'There is no nvidia-smi there: gpusPerNode in studio.yaml counts'
            : 'Waits until so many are free'
        }
      >
        <NumberField
          label="GPUs"
          isLabelHidden
          min={0}
          step={1}
          value={resources.gpusPerNode ?? 0}
          onChange={(gpusPerNode) => onChange({ ...resources, gpusPerNode: gpusPerNode ?? 0 })}
        />
      </FieldRow>
      <FieldRow
        label="These GPUs"
        hint="As CUDA_VISIBLE_DEVICES takes them"
        {...(problem ? { error: problem } : {})}
      >
        <TextField
          label="These GPUs"
          isLabelHidden
          mono
          placeholder="Any that are free; or 0,2"
          value={resources.gpuDevices ?? ''}
          onChange={(text) => onChange({ ...resources, gpuDevices: text.trim() === '' ? null : text.trim() })}
        />
      </FieldRow>
    </div>
  );
}
