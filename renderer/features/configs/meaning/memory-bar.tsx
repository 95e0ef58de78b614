// Memory of the fullest GPU as one stacked bar against what the GPU has, with its parts named below.
// An estimate, and said so. Knows bytes, not models.
import type { MemoryBreakdown } from '../../../../core/lib/config/derived/memory.ts';
import { formatMemorySize } from '../../../ui/format.ts';
import styles from './meaning.module.css';

const parts = [
  { key: 'weights', label: 'weights', color: 'var(--s1)' },
  { key: 'gradients', label: 'gradients', color: 'var(--s3)' },
  { key: 'optimizer', label: 'optimizer', color: 'var(--s6)' },
  { key: 'activations', label: 'activations', color: 'var(--s2)' },
  { key: 'logits', label: 'logits', color: 'var(--s5)' },
  { key: 'buffers', label: 'buffers', color: 'var(--s8)' },
] as const;

export function MemoryBar({
  memory,
  capacityBytes,
}: {
  readonly memory: MemoryBreakdown;
  readonly capacityBytes: number;
}) {
  const scale = Math.max(memory.total, capacityBytes);
  const overflows = memory.total > capacityBytes;
  const summary = parts.map(({ key, label }) => `${label} ${formatMemorySize(memory[key])}`).join(', ');
  return (
    <>
      <div className={styles['bar']} role="img" aria-label={`Memory per GPU: ${summary}`}>
        {parts.map(({ key, label, color }) => (
          <span
            key={key}
            style={{ width: `${(memory[key] / scale) * 100}%`, background: color }}
            title={`${label} ${formatMemorySize(memory[key])}`}
          />
        ))}
        {overflows ? (
          <span
            className={styles['limit']}
            style={{ left: `${(capacityBytes / scale) * 100}%` }}
            title={`The GPU has ${formatMemorySize(capacityBytes)}`}
          />
        ) : null}
      </div>
      {overflows ? (
        <p className={styles['over']}>
          {formatMemorySize(memory.total - capacityBytes)} more than the GPU has
        </p>
      ) : null}
      <ul className={styles['legend']}>
        {parts.map(({ key, label, color }) => (
          <li key={key}>
            <span className={styles['swatch']} style={{ background: color }} />
            {label} <b>{formatMemorySize(memory[key])}</b>
          </li>
        ))}
      </ul>
    </>
  );
}
