// A menu behind a button: named acts, with their keys; groups are set apart by a hairline.
import { Check, ChevronDown, type LucideIcon } from 'lucide-react';
import { memo, type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Menu as AriaMenu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import buttons from './button.module.css';
import { KeyHint } from './key-hint.tsx';
import styles from './menu.module.css';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  readonly icon?: LucideIcon;
  readonly keys?: string;
  readonly isDisabled?: boolean;
  /** Set for what can be on or off. */
  readonly isOn?: boolean;
  /** Names what is lost. */
  readonly isDanger?: boolean;
  perform(): void;
}

export interface MenuProps {
  /** The accessible name of the button and the menu. */
  readonly label: string;
  /** What the button shows; absent with `icon` for an icon button. */
  readonly children?: ReactNode;
  readonly groups: readonly (readonly MenuEntry[])[];
  readonly look?: 'plain' | 'quiet' | 'bare';
  readonly icon?: LucideIcon;
  /** An icon button as small as those in captions. */
  readonly isSmall?: boolean;
  /** Set, with `onOpenChange`, where a key opens the menu too. */
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
}

const noGroups: MenuProps['groups'] = [];

export function Menu({ isOpen, onOpenChange, groups, ...button }: MenuProps) {
  const [isOpenHere, setOpenHere] = useState(false);
  const open = isOpen ?? isOpenHere;
  return (
    <MenuBehindButton
      {...button}
      isOpen={open}
      onOpenChange={onOpenChange ?? setOpenHere}
      // New entries with every drawing of its owner are no reason to draw a menu that is closed.
      groups={open ? groups : noGroups}
    />
  );
}

const MenuBehindButton = memo(function MenuBehindButton({
  label,
  children,
  groups,
  look = 'plain',
  icon: Icon,
  isSmall = false,
  isOpen,
  onOpenChange,
}: MenuProps & Required<Pick<MenuProps, 'isOpen' | 'onOpenChange'>>) {
  const className =
    children === undefined
      ? `${buttons['icon']} ${isSmall ? buttons['small'] : ''}`
      : look === 'bare'
        ? styles['bare']
        : `${buttons['button']} ${buttons[look]}`;
  return (
    <MenuTrigger isOpen={isOpen} onOpenChange={onOpenChange}>
      <Button aria-label={label} className={className ?? ''}>
        {Icon ? <Icon size={isSmall ? 14 : 16} strokeWidth={1.75} aria-hidden /> : null}
        {children}
        {children === undefined ? null : <ChevronDown size={13} aria-hidden />}
      </Button>
      <Popover className={styles['popover'] ?? ''} offset={4}>
        <AriaMenu aria-label={label} className={styles['menu'] ?? ''}>
          {groups.map((entries, index) => (
            <MenuSection
              key={entries[0]?.id ?? index}
              aria-label={`${label}, part ${index + 1}`}
              className={styles['section'] ?? ''}
            >
              {entries.map((entry) => (
                <Item key={entry.id} entry={entry} />
              ))}
            </MenuSection>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
});

function Item({ entry }: { readonly entry: MenuEntry }) {
  const { icon: Icon } = entry;
  return (
    <MenuItem
      id={entry.id}
      textValue={entry.label}
      className={`${styles['item']} ${entry.isDanger ? styles['danger'] : ''}`}
      isDisabled={entry.isDisabled ?? false}
      onAction={() => entry.perform()}
      {...(entry.isOn === undefined ? {} : { 'aria-label': `${entry.label}, ${entry.isOn ? 'on' : 'off'}` })}
    >
      <span className={styles['mark']}>
        {entry.isOn ? <Check size={14} aria-hidden /> : Icon ? <Icon size={14} aria-hidden /> : null}
      </span>
      <span className={styles['words']}>
        {entry.label}
        {entry.detail ? <span className={styles['detail']}>{entry.detail}</span> : null}
      </span>
      {entry.keys ? <KeyHint keys={entry.keys} /> : null}
    </MenuItem>
  );
}
