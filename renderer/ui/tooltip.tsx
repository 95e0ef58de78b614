// A short text beside a control, with its key. Never the only place where something is said.
import type { ReactElement } from 'react';
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import { KeyHint } from './key-hint.tsx';
import styles from './tooltip.module.css';

const DELAY_MS = 500;

/** `children` is one focusable React Aria control. */
export function WithTooltip({
  text,
  keys,
  placement = 'bottom',
  children,
}: {
  readonly text: string;
  readonly keys?: string;
  readonly placement?: 'top' | 'bottom' | 'left' | 'right';
  readonly children: ReactElement;
}) {
  return (
    <TooltipTrigger delay={DELAY_MS} closeDelay={0}>
      {children}
      <Tooltip placement={placement} offset={6} className={styles['tooltip'] ?? ''}>
        {text}
        {keys ? <KeyHint keys={keys} /> : null}
      </Tooltip>
    </TooltipTrigger>
  );
}
