// How far a checkpoint has come, in a row of a list: pulled, converted, verified.
import type { CheckpointLife } from '../../../core/api/checkpoint-life.ts';
import styles from './checkpoint-panel.module.css';

export function LifeMarks({ life }: { readonly life: CheckpointLife | undefined }) {
  if (life === undefined) return null;
  const verdicts = life.models.map(({ verified }) => verified?.verdict);
  const isBad = verdicts.includes('different');
  const parts = [
    { word: 'pulled', is: life.pulled !== null || life.models.length > 0 },
    { word: 'converted', is: life.models.length > 0 },
    { word: isBad ? 'verified as different' : 'verified', is: verdicts.some((one) => one !== undefined) },
  ];
  const said = [...parts.filter(({ is }) => is).map(({ word }) => word), ...(life.pinned ? ['pinned'] : [])];
  if (said.length === 0) return null;
  const label = said.join(', ');
  return (
    <span className={styles['marks']} role="img" aria-label={label} title={label}>
      {parts.map(({ word, is }) => (
        <span key={word} className={styles['mark']} data-is={is ? (isBad ? 'bad' : 'yes') : 'no'} />
      ))}
    </span>
  );
}
