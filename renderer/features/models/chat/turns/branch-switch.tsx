// ‹ 2 of 3 ›: which of the branches beside a turn is shown.
import { ChevronLeft, ChevronRight } from 'lucide-react';
import styles from './turn-view.module.css';

export function BranchSwitch({
  branch,
  branches,
  isDisabled,
  onShow,
}: {
  readonly branch: number;
  readonly branches: number;
  readonly isDisabled: boolean;
  readonly onShow: (by: number) => void;
}) {
  return (
    <span className={styles['branches']} role="group" aria-label="Branches">
      <button
        type="button"
        aria-label="Branch before (←)"
        disabled={isDisabled || branch === 0}
        onClick={() => onShow(-1)}
      >
        <ChevronLeft size={14} aria-hidden />
      </button>
      <span aria-live="polite">
        {branch + 1} of {branches}
      </span>
      <button
        type="button"
        aria-label="Branch after (→)"
        disabled={isDisabled || branch === branches - 1}
        onClick={() => onShow(1)}
      >
        <ChevronRight size={14} aria-hidden />
      </button>
    </span>
  );
}
