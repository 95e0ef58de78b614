// One parameter of a recipe as the field that fits its kind.
import type { RecipeParameter } from '../../../../core/api/runs.ts';
import { Switch } from '../../../ui/checkbox.tsx';
import { FieldRow } from '../../../ui/field-row.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';

export type ParameterValue = string | number | boolean;

export interface ParameterFieldProps {
  readonly parameter: RecipeParameter;
  readonly value: ParameterValue;
  readonly onChange: (value: ParameterValue) => void;
}

export function ParameterField({ parameter, value, onChange }: ParameterFieldProps) {
  return (
    <FieldRow label={parameter.label} unit={parameter.unit ?? ''} hint={parameter.description}>
      {fieldOf(parameter, value, onChange)}
    </FieldRow>
  );
}

function fieldOf(
  parameter: RecipeParameter,
  value: ParameterValue,
  onChange: (value: ParameterValue) => void,
) {
  const named = { label: parameter.label, isLabelHidden: true } as const;
  switch (parameter.kind) {
    case 'int':
    case 'float':
      return (
        <NumberField
          {...named}
          value={Number(value)}
          onChange={(next) => onChange(next ?? parameter.default)}
          {...(parameter.min === undefined ? {} : { min: parameter.min })}
          {...(parameter.max === undefined ? {} : { max: parameter.max })}
        />
      );
    case 'choice':
      return (
        <Select
          {...named}
          choices={(parameter.choices ?? []).map((choice) => ({ id: choice, label: choice }))}
          value={String(value)}
          onChange={onChange}
        />
      );
    case 'bool':
      return <Switch aria-label={parameter.label} isSelected={value === true} onChange={onChange} />;
    case 'file':
    case 'text':
    case 'remote-path':
      return (
        <TextField {...named} mono={parameter.kind !== 'text'} value={String(value)} onChange={onChange} />
      );
  }
}
