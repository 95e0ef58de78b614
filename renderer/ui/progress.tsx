// Long work in place: a thin bar, how much, the rate, the time left, and a way to cancel.
import { X } from 'lucide-react';
import { ProgressBar } from 'react-aria-components/ProgressBar';
import { IconButton } from './button.tsx';
import { formatDuration } from './format.ts';
import styles from './progress.module.css';

export function Progress({
  label,
  fraction,
  amount,
  rate,
  secondsLeft,
  onCancel,
}: {
  readonly label: string;
  /** 0–1; null when the end is not known. */
  readonly fraction: number | null;
  /** "412 of 1,200 MB". */
  readonly amount?: string;
  /** "38 MB/s". */
  readonly rate?: string | null;
  readonly secondsLeft?: number | null;
  readonly onCancel?: () => void;
}) {
  const left =
    secondsLeft === null || secondsLeft === undefined ? null : `${formatDuration(secondsLeft * 1000)} left`;
  const facts = [amount, rate, left].filter(Boolean).join(' · ');
  return (
    <div className={styles['line']}>
      <ProgressBar
        aria-label={label}
        isIndeterminate={fraction === null}
        value={(fraction ?? 0) * 100}
        valueLabel={facts}
        className={styles['progress'] ?? ''}
      >
        <div className={styles['words']}>
          <span className={styles['label']}>{label}</span>
          <span className={styles['facts']}>{facts}</span>
        </div>
        <div className={styles['track']}>
          <div
            className={fraction === null ? styles['unknown'] : styles['bar']}
            style={fraction === null ? undefined : { width: `${Math.min(1, Math.max(0, fraction)) * 100}%` }}
          />
        </div>
      </ProgressBar>
      {/* Beside the bar, for a bar is one thing to a screen reader, without buttons inside. */}
      {onCancel ? <IconButton icon={X} label={`Cancel ${label}`} size="small" onPress={onCancel} /> : null}
    </div>
  );
}
