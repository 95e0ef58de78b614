// A list row of two lines: the name, and below it what is worth knowing. For ListView with 46 px rows.
import type { ReactNode } from 'react';
import styles from './two-line-row.module.css';

export interface TwoLineRowProps {
  readonly name: string;
  /** Shown in full when the name is cut. */
  readonly title?: string;
  readonly detail: string;
  /** A state mark or a kind before the name. */
  readonly mark?: ReactNode;
  readonly isProblem?: boolean;
  /** At the end of the first line: how many things wait for a person. */
  readonly aside?: ReactNode;
}

export function TwoLineRow({ name, title, detail, mark, isProblem = false, aside }: TwoLineRowProps) {
  return (
    <span className={styles['row']}>
      <span className={styles['first']}>
        {mark}
        <span className={styles['name']} title={title ?? name}>
          {name}
        </span>
        {aside ? <span className={styles['aside']}>{aside}</span> : null}
      </span>
      <span className={isProblem ? styles['problem'] : styles['detail']} title={detail}>
        {detail}
      </span>
    </span>
  );
}
