// Which embedder: hashed n-grams, or a model of the workspace with its variant and how much of a document it reads.
import { useState } from 'react';
import type { EmbedderRef, EmbedderSummary } from '../../../../core/api/embedders.ts';
import { Button } from '../../../ui/button.tsx';
import { formatDiskSize } from '../../../ui/format.ts';
import { NumberField } from '../../../ui/number-field.tsx';
import { type Choice, Select } from '../../../ui/select.tsx';
import { PullDialog } from './pull-dialog.tsx';
import styles from './scoring.module.css';

const BUILTIN = '-builtin-';

export interface EmbedderFieldProps {
  readonly embedders: readonly EmbedderSummary[];
  readonly value: EmbedderRef;
  readonly onChange: (value: EmbedderRef) => void;
  readonly isDisabled: boolean;
}

export function EmbedderField({ embedders, value, onChange, isDisabled }: EmbedderFieldProps) {
  const [isPulling, setPulling] = useState(false);
  const model = value.kind === 'model' ? embedders.find(({ path }) => path === value.path) : undefined;
  const choices: readonly Choice[] = [
    {
      id: BUILTIN,
      label: 'Built-in n-grams',
      detail: 'Knows spelling and phrases, not meaning; needs no download',
    },
    ...embedders.map(({ path, id, problem, dimensions }) => ({
      id: path,
      label: id,
      detail:
        problem ?? [path, dimensions === null ? '' : `${dimensions} values`].filter(Boolean).join(' · '),
      isDisabled: problem !== null,
    })),
  ];
  const choose = (id: string) => {
    if (id === BUILTIN) onChange({ kind: 'builtin', dimensions: null });
    else onChange({ kind: 'model', path: id, variant: null, maxLength: null });
  };
  return (
    <>
      <div className={styles['beside']}>
        <Select
          label="Embedder"
          choices={choices}
          value={value.kind === 'builtin' ? BUILTIN : value.path}
          onChange={choose}
          isDisabled={isDisabled}
        />
        <Button isDisabled={isDisabled} onPress={() => setPulling(true)}>
          Download…
        </Button>
      </div>
      {value.kind === 'model' && model ? (
        <div className={styles['halves']}>
          <Select
            label="Variant"
            choices={model.variants.map(({ name, sizeBytes, quantised }) => ({
              id: name,
              label: name,
              detail: `${formatDiskSize(sizeBytes)}${quantised ? ' · scores differ from fp32 and need thresholds of their own' : ''}`,
            }))}
            value={value.variant ?? model.variants[0]?.name ?? null}
            onChange={(variant) => onChange({ ...value, variant })}
            isDisabled={isDisabled}
          />
          <NumberField
            label="Tokens read of a document"
            value={value.maxLength}
            onChange={(maxLength) => onChange({ ...value, maxLength })}
            min={3}
            max={model.maxLength}
            step={1}
            placeholder={`${model.maxLength.toLocaleString('en-US')} at most`}
            isDisabled={isDisabled}
          />
        </div>
      ) : null}
      {isPulling ? (
        <PullDialog
          onClose={() => setPulling(false)}
          onPulled={(path, variant) => {
            setPulling(false);
            onChange({ kind: 'model', path, variant, maxLength: null });
          }}
        />
      ) : null}
    </>
  );
}
