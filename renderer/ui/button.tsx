// Buttons: `Button` with words, `IconButton` with an icon and a tooltip that says what it does and its key.
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import styles from './button.module.css';
import { WithTooltip } from './tooltip.tsx';

export interface ButtonProps {
  readonly children: ReactNode;
  /** `primary` is the view's main action: at most one on screen. `danger` names what is lost. */
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly icon?: LucideIcon;
  readonly isDisabled?: boolean;
  readonly isPending?: boolean;
  readonly autoFocus?: boolean;
  readonly type?: 'button' | 'submit';
  readonly onPress?: () => void;
  readonly 'aria-label'?: string;
  readonly 'aria-describedby'?: string;
  /** Shown in a tooltip, for example `Mod+S`. */
  readonly keys?: string;
}

export function Button({ kind = 'plain', icon: Icon, children, keys, onPress, ...rest }: ButtonProps) {
  const button = (
    <AriaButton
      {...rest}
      className={`${styles['button']} ${styles[kind]}`}
      {...(onPress ? { onPress: () => onPress() } : {})}
    >
      {Icon ? <Icon size={14} strokeWidth={1.75} aria-hidden /> : null}
      {children}
    </AriaButton>
  );
  return keys ? (
    <WithTooltip text="" keys={keys}>
      {button}
    </WithTooltip>
  ) : (
    button
  );
}

export interface IconButtonProps {
  readonly icon: LucideIcon;
  /** The accessible name and the tooltip. */
  readonly label: string;
  readonly keys?: string;
  readonly isDisabled?: boolean;
  readonly isPressed?: boolean;
  readonly size?: 'small' | 'normal';
  readonly onPress?: () => void;
}

export function IconButton({ icon: Icon, label, keys, isPressed, size, onPress, ...rest }: IconButtonProps) {
  return (
    <WithTooltip text={label} {...(keys ? { keys } : {})}>
      <AriaButton
        {...rest}
        aria-label={label}
        {...(isPressed === undefined ? {} : { 'aria-pressed': isPressed })}
        className={`${styles['icon']} ${size === 'small' ? styles['small'] : ''}`}
        {...(onPress ? { onPress: () => onPress() } : {})}
      >
        <Icon size={size === 'small' ? 14 : 16} strokeWidth={1.75} aria-hidden />
      </AriaButton>
    </WithTooltip>
  );
}
