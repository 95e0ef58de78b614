// What a view shows when there is nothing: what this is, one action, one sample.
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './states.module.css';

export function EmptyState({
  icon: Icon,
  title,
  children,
  actions,
}: {
  readonly icon?: LucideIcon;
  readonly title: string;
  /** One or two sentences: what appears here and how. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className={styles['empty']}>
      {Icon ? <Icon size={28} strokeWidth={1.25} aria-hidden className={styles['icon'] ?? ''} /> : null}
      <h2 className={styles['title']}>{title}</h2>
      {children ? <div className={styles['text']}>{children}</div> : null}
      {actions ? <div className={styles['actions']}>{actions}</div> : null}
    </div>
  );
}
