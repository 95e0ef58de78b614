// One derived number: name, value, or the reason why there is none; a click shows where it comes from.
import type { ReactNode } from 'react';
import styles from './meaning.module.css';

export function FigureRow({
  name,
  title,
  value,
  reason,
  aside,
  onJump,
}: {
  readonly name: string;
  /** More about the number: the exact value, the convention. */
  readonly title?: string | undefined;
  /** Null: it cannot be computed, and `reason` says why. */
  readonly value: ReactNode | null;
  readonly reason: string | undefined;
  readonly aside?: ReactNode;
  readonly onJump: () => void;
}) {
  return (
    <div className={styles['figure']}>
      <dt>
        <button type="button" className={styles['jump']} title={title} onClick={onJump}>
          {name}
        </button>
        {value === null ? null : aside}
      </dt>
      {value === null ? (
        <dd className={styles['unknown']} title={reason}>
          {reason ?? 'not known'}
        </dd>
      ) : (
        <dd title={title}>{value}</dd>
      )}
    </div>
  );
}
