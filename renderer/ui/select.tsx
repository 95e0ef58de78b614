// One of a few named choices.
import { Check, ChevronDown } from 'lucide-react';
import { Button } from 'react-aria-components/Button';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select';
import fields from './field.module.css';
import styles from './menu.module.css';

export interface Choice<Id extends string = string> {
  readonly id: Id;
  readonly label: string;
  /** A second, quieter line. */
  readonly detail?: string;
  readonly isDisabled?: boolean;
}

export function Select<Id extends string>({
  label,
  isLabelHidden = false,
  choices,
  value,
  onChange,
  placeholder = 'Choose…',
  isDisabled = false,
}: {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly choices: readonly Choice<Id>[];
  readonly value: Id | null;
  readonly onChange: (value: Id) => void;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
}) {
  return (
    <AriaSelect
      {...(isLabelHidden ? { 'aria-label': label } : {})}
      className={fields['field'] ?? ''}
      value={value}
      onChange={(key) => {
        const chosen = choices.find(({ id }) => id === key);
        if (chosen) onChange(chosen.id);
      }}
      placeholder={placeholder}
      isDisabled={isDisabled}
    >
      {isLabelHidden ? null : <Label className={fields['label'] ?? ''}>{label}</Label>}
      <Button className={fields['select'] ?? ''}>
        <SelectValue>
          {({ isPlaceholder, defaultChildren }) =>
            isPlaceholder ? defaultChildren : choices.find(({ id }) => id === value)?.label
          }
        </SelectValue>
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className={`${styles['popover']} ${styles['asWide']}`} offset={2}>
        <ListBox className={styles['menu'] ?? ''}>
          {choices.map((choice) => (
            <ListBoxItem
              key={choice.id}
              id={choice.id}
              textValue={choice.label}
              className={styles['item'] ?? ''}
              isDisabled={choice.isDisabled ?? false}
            >
              {({ isSelected }) => (
                <>
                  <span className={styles['mark']}>
                    {isSelected ? <Check size={14} aria-hidden /> : null}
                  </span>
                  <span className={styles['words']}>
                    {choice.label}
                    {choice.detail ? <span className={styles['detail']}>{choice.detail}</span> : null}
                  </span>
                </>
              )}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
