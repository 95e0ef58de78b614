// One line of a dense form: label, control, unit; a hint or an error below the control.
import type { ReactNode } from 'react';
import styles from './field.module.css';

/** `children` is a field with `isLabelHidden` and the same label. */
export function FieldRow({
  label,
  unit,
  hint,
  error,
  children,
}: {
  readonly label: ReactNode;
  readonly unit?: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles['row']}>
      <span className={styles['rowLabel']}>{label}</span>
      {children}
      <span className={styles['unit']}>{unit}</span>
      {error ? <span className={`${styles['error']} ${styles['below']}`}>{error}</span> : null}
      {!error && hint ? <span className={`${styles['hint']} ${styles['below']}`}>{hint}</span> : null}
    </div>
  );
}
