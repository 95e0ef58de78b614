// Fields for text: one line, several lines, and search. Errors are given by the caller and read to screen readers.
import { Search } from 'lucide-react';
import type { Ref } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { SearchField as AriaSearchField } from 'react-aria-components/SearchField';
import { Text } from 'react-aria-components/Text';
import { TextArea as AriaTextArea } from 'react-aria-components/TextArea';
import { TextField as AriaTextField } from 'react-aria-components/TextField';
import styles from './field.module.css';

export interface TextFieldProps {
  /** Shown above; with `isLabelHidden` only read. */
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Enter in a one-line field, with what stands in it at that moment. */
  readonly onSubmit?: (value: string) => void;
  readonly onBlur?: () => void;
  readonly placeholder?: string;
  readonly hint?: string;
  readonly error?: string | null;
  readonly isDisabled?: boolean;
  readonly isReadOnly?: boolean;
  readonly autoFocus?: boolean;
  /** For code, paths and keys. */
  readonly mono?: boolean;
  /** Shown as dots, and not offered to be filled in. */
  readonly isSecret?: boolean;
  /** More than one makes it a text area. */
  readonly lines?: number;
  readonly inputRef?: Ref<HTMLInputElement>;
}

export function TextField(props: TextFieldProps) {
  const {
    label,
    isLabelHidden,
    error,
    hint,
    lines = 1,
    onSubmit,
    mono,
    isSecret = false,
    placeholder = '',
    inputRef,
    ...rest
  } = props;
  const className = `${styles['input']} ${mono ? styles['mono'] : ''}`;
  return (
    <AriaTextField
      {...rest}
      {...(isSecret ? { type: 'password' as const, autoComplete: 'off' } : {})}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
      isInvalid={Boolean(error)}
      className={styles['field'] ?? ''}
      onKeyDown={(event) => {
        // A field keeps its keys to itself, but Escape is for whoever the field lies in: a dialog, a search bar.
        if (event.key === 'Escape') event.continuePropagation();
        if (event.key === 'Enter' && lines === 1 && event.target instanceof HTMLInputElement)
          onSubmit?.(event.target.value);
      }}
    >
      {isLabelHidden ? null : <Label className={styles['label'] ?? ''}>{label}</Label>}
      {lines > 1 ? (
        <AriaTextArea className={className} rows={lines} placeholder={placeholder} />
      ) : (
        <Input className={className} placeholder={placeholder} {...(inputRef ? { ref: inputRef } : {})} />
      )}
      {hint ? (
        <Text slot="description" className={styles['hint'] ?? ''}>
          {hint}
        </Text>
      ) : null}
      <FieldError className={styles['error'] ?? ''}>{error}</FieldError>
    </AriaTextField>
  );
}

export function SearchField({
  label,
  value,
  onChange,
  placeholder,
  autoFocus = false,
  inputRef,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly autoFocus?: boolean;
  readonly inputRef?: Ref<HTMLInputElement>;
}) {
  return (
    <AriaSearchField
      aria-label={label}
      value={value}
      onChange={onChange}
      autoFocus={autoFocus}
      className={styles['search'] ?? ''}
    >
      <Search size={14} strokeWidth={1.75} aria-hidden />
      <Input
        className={styles['input'] ?? ''}
        placeholder={placeholder ?? label}
        {...(inputRef ? { ref: inputRef } : {})}
      />
    </AriaSearchField>
  );
}
