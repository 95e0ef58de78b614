// What failed, the next step, and the details to copy. For a whole pane, or in place of one part (`compact`).
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import styles from './states.module.css';

export function ErrorState({
  title,
  hint,
  path,
  details,
  actions,
  compact = false,
}: {
  /** The thing and the reason. */
  readonly title: string;
  /** The next step. */
  readonly hint: string;
  readonly path?: string | null;
  readonly details: string;
  readonly actions?: ReactNode;
  readonly compact?: boolean;
}) {
  return (
    <div className={compact ? styles['compact'] : styles['error']} role="alert">
      <CircleAlert size={compact ? 16 : 20} aria-hidden className={styles['bad'] ?? ''} />
      <div className={styles['stack']}>
        <strong className={styles['reason']}>{title}</strong>
        <span className={styles['text']}>{hint}</span>
        {path ? <code className={styles['path']}>{path}</code> : null}
        <span className={styles['row']}>
          {actions}
          <CopyButton text={details} label="Copy details" />
        </span>
      </div>
    </div>
  );
}
