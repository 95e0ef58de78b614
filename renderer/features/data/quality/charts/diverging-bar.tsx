// One bar left or right of zero; the limit is chosen so that every value of the table fits.
import styles from './diverging-bar.module.css';

export interface DivergingBarProps {
  /** Null draws only the axis. */
  readonly value: number | null;
  /** The value at either end. */
  readonly limit: number;
}

export function DivergingBar({ value, limit }: DivergingBarProps) {
  const share = value === null || limit <= 0 ? 0 : Math.min(1, Math.abs(value) / limit);
  const isNegative = value !== null && value < 0;
  const left = isNegative ? 50 - share * 50 : 50;
  return (
    <span className={styles['track']} aria-hidden="true">
      <span className={styles['axis']} />
      {value === null ? null : (
        <span
          className={isNegative ? styles['less'] : styles['more']}
          style={{ left: `${left}%`, width: `max(2px, ${share * 50}%)` }}
        />
      )}
    </span>
  );
}
