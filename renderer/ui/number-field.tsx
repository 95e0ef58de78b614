// A field for one number. Arrow keys step it; what does not parse goes back to the last value on blur.
import { FieldError } from 'react-aria-components/FieldError';
import { Group } from 'react-aria-components/Group';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { NumberField as AriaNumberField } from 'react-aria-components/NumberField';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { Text } from 'react-aria-components/Text';
import styles from './field.module.css';

export interface NumberFieldProps {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  /** Null is an empty field. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly hint?: string;
  readonly error?: string | null;
  readonly isDisabled?: boolean;
  readonly isReadOnly?: boolean;
  readonly placeholder?: string;
  /** Digits after the point that are shown; the value itself keeps all of them. */
  readonly maximumFractionDigits?: number;
}

/** Numbers are written the same for everybody: a point for decimals, commas for thousands. */
const LOCALE = 'en-US';
const DEFAULT_FRACTION_DIGITS = 12;

export function NumberField(props: NumberFieldProps) {
  const {
    label,
    isLabelHidden,
    value,
    onChange,
    min,
    max,
    hint,
    error,
    placeholder = '',
    maximumFractionDigits = DEFAULT_FRACTION_DIGITS,
    ...rest
  } = props;
  return (
    <I18nProvider locale={LOCALE}>
      <AriaNumberField
        {...rest}
        {...(isLabelHidden ? { 'aria-label': label } : {})}
        {...(min === undefined ? {} : { minValue: min })}
        {...(max === undefined ? {} : { maxValue: max })}
        value={value ?? Number.NaN}
        onChange={(next) => onChange(Number.isNaN(next) ? null : next)}
        isInvalid={Boolean(error)}
        formatOptions={{ maximumFractionDigits }}
        className={styles['field'] ?? ''}
      >
        {isLabelHidden ? null : <Label className={styles['label'] ?? ''}>{label}</Label>}
        <Group className={styles['number'] ?? ''}>
          <Input className={styles['input'] ?? ''} placeholder={placeholder} />
        </Group>
        {hint ? (
          <Text slot="description" className={styles['hint'] ?? ''}>
            {hint}
          </Text>
        ) : null}
        <FieldError className={styles['error'] ?? ''}>{error}</FieldError>
      </AriaNumberField>
    </I18nProvider>
  );
}
