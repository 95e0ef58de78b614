// Which columns of a dataset are shown and in which order.
import { ArrowDown, ArrowUp, Pin, PinOff } from 'lucide-react';
import { useState } from 'react';
import type { DatasetColumn } from '../../../../core/api/dataset-shape.ts';
import { type ColumnLayout, isPlainLayout, plainLayout } from '../../../../core/lib/datasets/saved-view.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { SearchField } from '../../../ui/text-field.tsx';
import { orderedColumns, withHidden, withPinned, withStep } from './column-layout.ts';
import styles from './columns.module.css';

export function ColumnsDialog({
  columns,
  layout,
  onChange,
  onClose,
}: {
  readonly columns: readonly DatasetColumn[];
  readonly layout: ColumnLayout;
  readonly onChange: (layout: ColumnLayout) => void;
  readonly onClose: () => void;
}) {
  const [find, setFind] = useState('');
  const ordered = orderedColumns(columns, layout);
  const shown = ordered.filter(({ name }) => name.toLowerCase().includes(find.toLowerCase()));
  const hideAll = (isHidden: boolean) =>
    onChange(shown.reduce((next, { name }) => withHidden(next, name, isHidden), layout));
  return (
    <Dialog
      title="Columns"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button isDisabled={isPlainLayout(layout)} onPress={() => onChange(plainLayout)}>
            As in the file
          </Button>
          <Button kind="primary" onPress={onClose}>
            Done
          </Button>
        </>
      }
    >
      <div className={styles['tools']}>
        <SearchField label="Find a column" value={find} onChange={setFind} autoFocus />
        <Button kind="quiet" onPress={() => hideAll(false)}>
          Show all
        </Button>
        <Button kind="quiet" onPress={() => hideAll(true)}>
          Hide all
        </Button>
      </div>
      <ul className={styles['list']} aria-label="Columns">
        {shown.map(({ name, type }) => {
          const isPinned = layout.pinned.includes(name);
          return (
            <li key={name} className={styles['item']}>
              <Checkbox
                isSelected={!layout.hidden.includes(name)}
                onChange={(isShown) => onChange(withHidden(layout, name, !isShown))}
              >
                <span className={styles['name']}>{name}</span>
              </Checkbox>
              <span className={styles['type']}>{type}</span>
              <IconButton
                icon={ArrowUp}
                size="small"
                label={`Move ${name} up`}
                onPress={() => onChange(withStep(columns, layout, name, -1))}
              />
              <IconButton
                icon={ArrowDown}
                size="small"
                label={`Move ${name} down`}
                onPress={() => onChange(withStep(columns, layout, name, 1))}
              />
              <IconButton
                icon={isPinned ? PinOff : Pin}
                size="small"
                label={isPinned ? `Let ${name} scroll` : `Keep ${name} in sight`}
                isPressed={isPinned}
                onPress={() => onChange(withPinned(layout, name, !isPinned))}
              />
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
