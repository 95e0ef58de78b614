// The runs of a chain as a row: which one is shown, one more at the end, and taking one out.
import { ChevronRight, X } from 'lucide-react';
import { IconButton } from '../../../ui/button.tsx';
import styles from './launch-dialog.module.css';

export interface LaunchStepsProps {
  readonly names: readonly string[];
  readonly current: number;
  readonly onShow: (index: number) => void;
  readonly onRemove: (index: number) => void;
}

export function LaunchSteps({ names, current, onShow, onRemove }: LaunchStepsProps) {
  if (names.length < 2) return null;
  return (
    <nav className={styles['steps']} aria-label="Runs of this launch">
      {names.map((name, index) => (
        <span key={`${index} ${name}`} className={styles['step']} data-current={index === current}>
          {index > 0 ? <ChevronRight size={14} strokeWidth={1.75} aria-label="then" /> : null}
          <button
            type="button"
            className={styles['stepName']}
            aria-current={index === current ? 'step' : undefined}
            onClick={() => onShow(index)}
          >
            {index + 1} · {name}
          </button>
          {index === current ? (
            <IconButton icon={X} size="small" label={`Take out ${name}`} onPress={() => onRemove(index)} />
          ) : null}
        </span>
      ))}
      <span className={styles['about']}>Each starts when the one before has ended well.</span>
    </nav>
  );
}
