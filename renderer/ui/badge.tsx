// Small marks of state. Colour never speaks alone: a badge has words, a dot has a label.
import type { ReactNode } from 'react';
import styles from './badge.module.css';

export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info' | 'accent';

export function Badge({
  tone = 'neutral',
  title,
  children,
}: {
  readonly tone?: Tone;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <span className={`${styles['badge']} ${styles[tone]}`} title={title}>
      {children}
    </span>
  );
}

/** `label` is read aloud; leave it out where the word stands beside the dot. */
export function Dot({ tone = 'neutral', label }: { readonly tone?: Tone; readonly label?: string }) {
  return (
    <span
      className={`${styles['dot']} ${styles[tone]}`}
      {...(label ? { role: 'img', 'aria-label': label, title: label } : { 'aria-hidden': true })}
    />
  );
}
