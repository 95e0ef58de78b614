// The field below the list of datasets: files that match a pattern open as one dataset.
import { useState } from 'react';
import { href, navigate } from '../../../app/route.ts';
import { TextField } from '../../../ui/text-field.tsx';
import styles from './source.module.css';

export function OpenPattern() {
  const [pattern, setPattern] = useState('');
  const open = (text: string) => {
    const path = text
      .trim()
      .replace(/^\.?\/+/, '')
      .replace(/\/+$/, '');
    if (path !== '') navigate(href('data', path));
  };
  return (
    <div className={styles['pattern']}>
      <TextField
        label="Open a pattern of files"
        isLabelHidden
        mono
        placeholder="data/**/*.parquet"
        value={pattern}
        onChange={setPattern}
        onSubmit={open}
      />
    </div>
  );
}
