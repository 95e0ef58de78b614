// Chooses among many named things: models, tasks. All of them is a choice of its own, so that what comes later is shown too.
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { SearchField } from '../../../ui/text-field.tsx';
import styles from './leaderboard-view.module.css';

export interface PickItem {
  readonly id: string;
  readonly name: string;
  readonly detail: string;
}

export interface PickDialogProps {
  readonly title: string;
  readonly noun: string;
  readonly items: readonly PickItem[];
  /** Null for all. */
  readonly chosen: readonly string[] | null;
  readonly onChoose: (chosen: readonly string[] | null) => void;
  readonly onClose: () => void;
  /** Choosing nothing is a choice. */
  readonly allowsNone?: boolean;
}

export function PickDialog(props: PickDialogProps) {
  const { title, noun, items, chosen, onChoose, onClose, allowsNone = false } = props;
  const [search, setSearch] = useState('');
  const [own, setOwn] = useState<ReadonlySet<string>>(new Set(chosen ?? items.map(({ id }) => id)));
  const word = search.trim().toLowerCase();
  const found = items.filter(({ name }) => name.toLowerCase().includes(word));
  const areAll = items.every(({ id }) => own.has(id));
  const areAllFound = found.every(({ id }) => own.has(id));
  const apply = () => {
    onChoose(areAll ? null : items.flatMap(({ id }) => (own.has(id) ? [id] : [])));
    onClose();
  };
  const change = (ids: readonly string[], isOn: boolean) => {
    const next = new Set(own);
    for (const id of ids) {
      if (isOn) next.add(id);
      else next.delete(id);
    }
    setOwn(next);
  };
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={own.size === 0 && !allowsNone} onPress={apply}>
            {areAll
              ? `Show all ${noun}s`
              : own.size === 0
                ? 'Show none'
                : `Show ${formatQuantity(own.size, noun)}`}
          </Button>
        </>
      }
    >
      <div className={styles['picker']}>
        <SearchField label={`Filter ${noun}s`} value={search} onChange={setSearch} autoFocus />
        <Checkbox
          isSelected={areAllFound}
          isIndeterminate={!areAllFound && found.some(({ id }) => own.has(id))}
          onChange={(isOn) =>
            change(
              found.map(({ id }) => id),
              isOn,
            )
          }
        >
          {word === '' ? `All ${items.length}` : `All ${found.length} that match`}
        </Checkbox>
        <ul className={styles['pickerList']}>
          {found.map(({ id, name, detail }) => (
            <li key={id} className={styles['pickerRow']} title={name}>
              <Checkbox isSelected={own.has(id)} onChange={(isOn) => change([id], isOn)}>
                <span className={styles['pickerName']}>{name}</span>
              </Checkbox>
              <span className={styles['pickerDetail']}>{detail}</span>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
