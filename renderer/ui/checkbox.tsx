// On or off: a checkbox for a choice in a form, a switch for what takes effect at once.
import { Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Checkbox as AriaCheckbox } from 'react-aria-components/Checkbox';
import { Switch as AriaSwitch } from 'react-aria-components/Switch';
import styles from './field.module.css';

export interface ToggleProps {
  readonly children?: ReactNode;
  readonly isSelected: boolean;
  readonly onChange: (isSelected: boolean) => void;
  readonly isDisabled?: boolean;
  /** Needed when there are no children. */
  readonly 'aria-label'?: string;
}

export function Checkbox({
  children,
  isIndeterminate = false,
  ...rest
}: ToggleProps & { readonly isIndeterminate?: boolean }) {
  return (
    <AriaCheckbox {...rest} isIndeterminate={isIndeterminate} className={styles['check'] ?? ''}>
      {({ isSelected }) => (
        <>
          <span className={styles['box']}>
            {isIndeterminate ? (
              <Minus size={12} strokeWidth={3} aria-hidden />
            ) : isSelected ? (
              <Check size={12} strokeWidth={3} aria-hidden />
            ) : null}
          </span>
          {children}
        </>
      )}
    </AriaCheckbox>
  );
}

export function Switch({ children, ...rest }: ToggleProps) {
  return (
    <AriaSwitch {...rest} className={styles['check'] ?? ''}>
      <span className={styles['track']} />
      {children}
    </AriaSwitch>
  );
}
