// One number among the settings.
import { useEffect, useState } from 'react';
import { FieldRow } from '../../ui/field-row.tsx';
import { NumberField } from '../../ui/number-field.tsx';

/** Writes when the field is left, not at every key. */
export function NumberRow({
  label,
  unit,
  value,
  min,
  max,
  onChange,
}: {
  readonly label: string;
  readonly unit: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}) {
  const [draft, setDraft] = useState<number | null>(value);
  useEffect(() => setDraft(value), [value]);
  return (
    <FieldRow label={label} unit={unit}>
      <NumberField
        label={label}
        isLabelHidden
        value={draft}
        min={min}
        max={max}
        step={1}
        onChange={(next) => {
          setDraft(next);
          if (next !== null && next !== value) onChange(next);
        }}
      />
    </FieldRow>
  );
}
