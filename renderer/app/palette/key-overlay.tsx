// All keys that work right now, by group. Opened by `?`.
import { useStore } from 'zustand';
import { Dialog } from '../../ui/dialog.tsx';
import { isMac } from '../../ui/keys.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import { useAvailableCommands } from '../commands.ts';
import styles from './key-overlay.module.css';
import { closeOverlay, overlayStore } from '../overlays.ts';

/** Keys of lists and borders, which belong to no command. */
const inherent: readonly { readonly title: string; readonly keys: string }[] = [
  { title: 'Filter a list', keys: 'Any letter' },
  { title: 'Open what is focused', keys: 'Enter' },
  { title: 'Delete what is focused (asks)', keys: 'Delete' },
  { title: 'Open beside', keys: isMac ? '⌘ click' : 'Ctrl click' },
  { title: 'Move a focused border', keys: '← →' },
  { title: 'Close, clear the filter', keys: 'Esc' },
];

export function KeyOverlay() {
  const isOpen = useStore(overlayStore, ({ open }) => open === 'keys');
  return (
    <Dialog title="Keys" width="wide" isOpen={isOpen} onClose={closeOverlay}>
      <KeyList />
    </Dialog>
  );
}

function KeyList() {
  const commands = useAvailableCommands().filter(({ keys }) => keys !== undefined);
  const groups = Map.groupBy
    ? Map.groupBy(commands, ({ group }) => group)
    : new Map([['Commands', commands]]);
  return (
    <div className={styles['groups']}>
      {[...groups].map(([group, entries]) => (
        <section key={group} className={styles['group']}>
          <h3>{group}</h3>
          {entries.map(({ id, title, keys = '' }) => (
            <p key={id} className={styles['row']}>
              {title}
              <KeyHint keys={keys} />
            </p>
          ))}
        </section>
      ))}
      <section className={styles['group']}>
        <h3>Lists and panes</h3>
        {inherent.map(({ title, keys }) => (
          <p key={title} className={styles['row']}>
            {title}
            <kbd className={styles['key']}>{keys}</kbd>
          </p>
        ))}
      </section>
    </div>
  );
}
