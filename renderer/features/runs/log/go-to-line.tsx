// A small field that goes to a line by its number.
import { X } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../../../ui/button.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { TextField } from '../../../ui/text-field.tsx';
import styles from './log-bars.module.css';

export function GoToLine({
  lines,
  onGo,
  onClose,
}: {
  readonly lines: number;
  /** From 0. */
  readonly onGo: (line: number) => void;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState('');
  const number = /^[\d,.\s]+$/.test(text) ? Number(text.replaceAll(/[,.\s]/g, '')) : Number.NaN;
  const isLine = number >= 1 && number <= lines;
  return (
    // Escape closes it wherever the focus is in it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className={styles['bar']}
      role="search"
      aria-label="Go to line"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <div className={styles['searchField']}>
        <TextField
          label="Go to line"
          isLabelHidden
          placeholder={`Line 1 to ${formatInteger(lines)}`}
          value={text}
          onChange={setText}
          onSubmit={() => {
            if (!isLine) return;
            onGo(number - 1);
            onClose();
          }}
          autoFocus
        />
      </div>
      <span className={styles['count']} role="status">
        {text !== '' && !isLine ? `There are lines 1 to ${formatInteger(lines)}` : ''}
      </span>
      <IconButton size="small" icon={X} label="Close" onPress={onClose} />
    </div>
  );
}
