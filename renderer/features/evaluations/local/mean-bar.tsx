// A mean with its standard error as a bar on a scale from 0 to 1, the chance level drawn; the numbers stand beside it as text.
import type { EvaluationMean } from '../../../../core/api/evaluation-runs.ts';
import styles from './local.module.css';

export function MeanBar({ mean, chance }: { readonly mean: EvaluationMean; readonly chance: number | null }) {
  const { value, standardError } = mean;
  if (!(value >= 0 && value <= 1)) return null;
  const percent = (share: number) => `${Math.min(1, Math.max(0, share)) * 100}%`;
  const low = Math.max(0, value - (standardError ?? 0));
  const high = Math.min(1, value + (standardError ?? 0));
  return (
    <span className={styles['bar']} aria-hidden>
      <span className={styles['error']} style={{ left: percent(low), width: percent(high - low) }} />
      <span className={styles['point']} style={{ left: percent(value) }} />
      {chance === null ? null : <span className={styles['chance']} style={{ left: percent(chance) }} />}
    </span>
  );
}
