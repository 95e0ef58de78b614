// What time, memory and GPU-hours assume: GPU type, how many, utilisation. Remembered in the settings.
import { useState } from 'react';
import { GPU_TYPES } from '../../../../core/lib/config/derived/gpus.ts';
import styles from './meaning.module.css';
import type { Estimate } from './use-estimate.ts';

export function EstimateControls({
  estimate,
  neededGpus,
}: {
  readonly estimate: Estimate;
  /** What the config's parallelism needs; null when that is not known. */
  readonly neededGpus: number | null;
}) {
  const { target } = estimate;
  const usual = target === null ? neededGpus : target.nodes * target.gpusPerNode;
  return (
    <div className={styles['controls']}>
      {estimate.targets.length === 0 ? null : <TargetSelect estimate={estimate} />}
      <label>
        <span>GPU</span>
        <select
          value={estimate.gpu.id}
          disabled={estimate.target?.gpu != null}
          onChange={(event) => estimate.setGpu(event.target.value)}
        >
          {GPU_TYPES.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <CommittedNumber
        label="GPUs"
        value={estimate.gpus}
        placeholder={usual === null ? '' : String(usual)}
        title={
          usual === null
            ? undefined
            : `Empty: as the ${target === null ? 'config needs' : 'target has'}, ${usual}`
        }
        onCommit={estimate.setGpus}
      />
      <CommittedNumber
        label="MFU %"
        value={estimate.mfuPercent}
        title="Model FLOPs utilisation in Nanotron's convention"
        onCommit={(percent) => {
          if (percent !== null) estimate.setMfuPercent(percent);
        }}
      />
    </div>
  );
}

/** The targets of studio.yaml that have GPUs; choosing one sets GPU type, number and walltime. */
function TargetSelect({ estimate }: { readonly estimate: Estimate }) {
  return (
    <label className={styles['target']}>
      <span>Target</span>
      <select
        value={estimate.target?.name ?? ''}
        onChange={(event) => estimate.setTarget(event.target.value === '' ? null : event.target.value)}
      >
        <option value="">None: set by hand</option>
        {estimate.targets.map(({ name, nodes, gpusPerNode, gpu }) => (
          <option key={name} value={name}>
            {name}: {nodes} × {gpusPerNode} {gpu?.name ?? 'GPUs'}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A number that counts when Enter is pressed or the field is left. */
function CommittedNumber({
  label,
  value,
  placeholder = '',
  title,
  onCommit,
}: {
  readonly label: string;
  readonly value: number | null;
  readonly placeholder?: string;
  readonly title?: string | undefined;
  readonly onCommit: (value: number | null) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    if (draft === null) return;
    const number = Number(draft);
    if (draft.trim() === '') onCommit(null);
    else if (Number.isFinite(number) && number > 0) onCommit(number);
    setDraft(null);
  };
  return (
    <label title={title}>
      <span>{label}</span>
      <input
        inputMode="decimal"
        value={draft ?? (value === null ? '' : String(value))}
        placeholder={placeholder}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
    </label>
  );
}
