// A small field that goes to a row number.
import { useState } from 'react';
import { NumberField } from '../../ui/number-field.tsx';
import styles from './go-to-row.module.css';

export function GoToRow({ rows, onGo }: { readonly rows: number; readonly onGo: (row: number) => void }) {
  const [value, setValue] = useState<number | null>(null);
  return (
    <div className={styles['field']}>
      <NumberField
        label="Go to row"
        isLabelHidden
        placeholder="Go to row"
        value={value}
        min={0}
        max={Math.max(0, rows - 1)}
        onChange={(next) => {
          setValue(next);
          if (next !== null) onGo(next);
        }}
      />
    </div>
  );
}
