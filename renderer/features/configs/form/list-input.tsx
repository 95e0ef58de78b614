// A list of plain values: one row an item, each edited at its own place in the file. Knows one field.
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { ValueType } from '../../../../core/lib/config/schema/types.ts';
import type { ListNode, ScalarValue } from '../../../../core/lib/config/types.ts';
import styles from './form.module.css';
import { ScalarInput } from './scalar-input.tsx';

/** Longer lists are shown in part: the text is the better place for them. */
const MAX_ROWS = 12;

export function ListInput({
  id,
  label,
  item,
  node,
  isReadOnly,
  onSetItem,
  onRemoveItem,
  onAdd,
  onVisit,
  onLeave,
}: {
  readonly id: string;
  readonly label: string;
  readonly item: ValueType;
  readonly node: ListNode | null;
  readonly isReadOnly: boolean;
  readonly onSetItem: (index: number, value: ScalarValue) => void;
  readonly onRemoveItem: (index: number) => void;
  readonly onAdd: (value: ScalarValue) => void;
  readonly onVisit: (index: number | null) => void;
  readonly onLeave: () => void;
}) {
  const [all, setAll] = useState(false);
  const items = node?.items ?? [];
  const shown = all ? items : items.slice(0, MAX_ROWS);
  const isNumber = item.kind === 'int' || item.kind === 'float';
  return (
    <div className={styles['list']} id={id} role="group" aria-label={label}>
      {shown.map((value, index) => (
        <div key={index} className={styles['item']}>
          <ScalarInput
            id={`${id}[${index}]`}
            label={`${label}, item ${index + 1}`}
            type={item.kind === 'union' || item.kind === 'any' ? { kind: 'str' } : item}
            node={value}
            placeholder=""
            isReadOnly={isReadOnly || value.kind !== 'scalar'}
            isInvalid={false}
            onSet={(next) => onSetItem(index, next)}
            onVisit={() => onVisit(index)}
            onLeave={onLeave}
          />
          {isReadOnly ? null : (
            <button
              type="button"
              className={styles['tool']}
              aria-label={`Remove item ${index + 1} of ${label}`}
              title="Remove"
              onClick={() => onRemoveItem(index)}
            >
              <X size={13} aria-hidden />
            </button>
          )}
        </div>
      ))}
      {items.length > shown.length ? (
        <button type="button" className={styles['more']} onClick={() => setAll(true)}>
          Show all {items.length}
        </button>
      ) : null}
      {isReadOnly ? null : (
        <button type="button" className={styles['more']} onClick={() => onAdd(isNumber ? 0 : 'new')}>
          <Plus size={12} aria-hidden /> Add
        </button>
      )}
    </div>
  );
}
