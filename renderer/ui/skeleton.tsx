// Grey bars where content will be, shown only when waiting takes longer than a blink.
import { useEffect, useState } from 'react';
import styles from './skeleton.module.css';

/** Waits shorter than this show nothing: a flash is worse than an empty moment. */
const DELAY_MS = 150;

export function useIsSlow(delayMs: number = DELAY_MS): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), delayMs);
    return () => clearTimeout(timer);
  }, [delayMs]);
  return slow;
}

const widths = ['70%', '55%', '82%', '48%', '64%', '76%', '40%', '58%'] as const;

/** `label` is what is being waited for, for screen readers: "Loading the list of runs". */
export function Skeleton({ label, rows = 6 }: { readonly label: string; readonly rows?: number }) {
  const slow = useIsSlow();
  return (
    <div className={styles['skeleton']} role="status" aria-label={label}>
      {slow
        ? Array.from({ length: rows }, (_, index) => (
            <span key={index} className={styles['bar']} style={{ width: widths[index % widths.length] }} />
          ))
        : null}
    </div>
  );
}
