// A small field that goes to a row number.
import { type RefObject, useEffect, useRef, useState } from 'react';
import { NumberField } from '../../ui/number-field.tsx';
import styles from './go-to-row.module.css';

export function GoToRow({
  rows,
  focusRef,
  onGo,
}: {
  readonly rows: number;
  /** Gets what puts the focus into the field. */
  readonly focusRef: RefObject<(() => void) | null>;
  readonly onGo: (row: number) => void;
}) {
  const [value, setValue] = useState<number | null>(null);
  const field = useRef<HTMLDivElement>(null);
  useEffect(() => {
    focusRef.current = () => {
      const input = field.current?.querySelector('input');
      input?.focus();
      input?.select();
    };
    return () => {
      focusRef.current = null;
    };
  }, [focusRef]);
  return (
    <div ref={field} className={styles['field']}>
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
