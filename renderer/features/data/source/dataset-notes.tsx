// What was done to make one dataset of several files: one line, more on request.
import styles from './source.module.css';

export function DatasetNotes({ notes }: { readonly notes: readonly string[] }) {
  const [first, ...others] = notes;
  if (others.length === 0) return <p className={styles['note']}>{first}</p>;
  return (
    <details className={styles['notes']}>
      <summary>{`${first} · ${others.length} more`}</summary>
      <ul>
        {others.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </details>
  );
}
