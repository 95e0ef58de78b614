// Keys and values of a config or of a GGUF file, filtered by words.
import { useState } from 'react';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import { SearchField } from '../../../ui/text-field.tsx';
import styles from './inside.module.css';

export function EntriesTab({
  entries,
}: {
  readonly entries: readonly { readonly key: string; readonly value: string }[];
}) {
  const [words, setWords] = useState('');
  const wanted = words.toLowerCase();
  const shown = entries.filter(({ key, value }) => `${key} ${value}`.toLowerCase().includes(wanted));
  return (
    <div className={styles['tab']}>
      <div className={styles['bar']}>
        <SearchField
          label="Filter entries"
          value={words}
          onChange={setWords}
          placeholder="A key or a value"
        />
        <span className={styles['facts']}>
          {`${formatInteger(shown.length)} of ${formatQuantity(entries.length, 'entry', 'entries')}`}
        </span>
        <span className={styles['spring']} />
        <CopyButton
          text={JSON.stringify(Object.fromEntries(shown.map(({ key, value }) => [key, value])), null, 2)}
          label="Copy as JSON"
        />
      </div>
      <div className={styles['scrolling']}>
        <table className={styles['entries']}>
          <caption className="visually-hidden">Config</caption>
          <tbody>
            {shown.map(({ key, value }) => (
              <tr key={key}>
                <td className={styles['mono']}>{key}</td>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
