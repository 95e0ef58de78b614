// The command palette: one field over commands, files, runs and models. Arrows, Enter, Ctrl+Enter beside, Esc.
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useStore } from 'zustand';
import { KeyHint } from '../../ui/key-hint.tsx';
import styles from './command-palette.module.css';
import { openBeside } from '../link.tsx';
import { closeOverlay, overlayStore } from '../overlays.ts';
import { findItems, type FoundItem, usePaletteItems } from './palette-items.ts';
import { useViewState } from '../view-state.ts';

const RECENT_LIMIT = 8;

export function CommandPalette() {
  const isOpen = useStore(overlayStore, ({ open }) => open === 'palette');
  return (
    <ModalOverlay
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) closeOverlay();
      }}
      className={styles['overlay'] ?? ''}
    >
      <Modal className={styles['modal'] ?? ''}>
        <Dialog aria-label="Command palette" className={styles['dialog'] ?? ''}>
          <Finder />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function parseRecent(stored: unknown): readonly string[] | undefined {
  return Array.isArray(stored) && stored.every((id) => typeof id === 'string') ? stored : undefined;
}
const noRecent: readonly string[] = [];

function Finder() {
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const [recent, setRecent] = useViewState('palette.recent', parseRecent, noRecent);
  const items = usePaletteItems();
  const found = useMemo(() => findItems(items, query, recent), [items, query, recent]);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const index = Math.min(active, found.length - 1);
  const idOf = (position: number) => `${listId}-${position}`;

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });

  const choose = (chosen: FoundItem | undefined, beside: boolean) => {
    if (!chosen) return;
    const { item } = chosen;
    closeOverlay();
    setRecent([item.id, ...recent.filter((id) => id !== item.id)].slice(0, RECENT_LIMIT));
    if (beside && item.href) openBeside(item.href);
    // After the palette gave the focus back, so that the command may move it.
    else setTimeout(() => item.perform(), 0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    const by = step[event.key];
    if (by !== undefined && found.length > 0) {
      event.preventDefault();
      const wraps = Math.abs(by) === 1;
      const next = index + by;
      setActive(wraps ? (next + found.length) % found.length : Math.max(0, Math.min(found.length - 1, next)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(found[index], event.ctrlKey || event.metaKey);
    }
  };

  return (
    <>
      <input
        className={styles['input']}
        role="combobox"
        aria-label="Search, open, run a command"
        aria-expanded
        aria-controls={listId}
        aria-autocomplete="list"
        {...(index >= 0 ? { 'aria-activedescendant': idOf(index) } : {})}
        placeholder="Search commands, configs, data, runs, models"
        spellCheck={false}
        autoFocus
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id={listId} role="listbox" aria-label="Found" className={styles['list']}>
        {found.map((entry, position) => (
          <Row
            key={entry.item.id}
            id={idOf(position)}
            entry={entry}
            isActive={position === index}
            onPoint={() => setActive(position)}
            onChoose={(beside) => choose(entry, beside)}
          />
        ))}
      </div>
      {found.length === 0 ? (
        <p role="status" className={styles['none']}>
          Nothing is called “{query}”
        </p>
      ) : null}
      <div className={styles['foot']}>
        <span>↑↓ choose</span>
        <span>Enter opens</span>
        <span>
          <KeyHint keys="Mod+Enter" /> opens beside
        </span>
        <span>Esc closes</span>
      </div>
    </>
  );
}

function Row({
  id,
  entry,
  isActive,
  onPoint,
  onChoose,
}: {
  readonly id: string;
  readonly entry: FoundItem;
  readonly isActive: boolean;
  readonly onPoint: () => void;
  readonly onChoose: (beside: boolean) => void;
}) {
  const { item, positions, isRecent } = entry;
  const { icon: Icon } = item;
  return (
    // The field keeps the focus and handles the keys; rows only take the pointer.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      className={styles['row']}
      onPointerMove={onPoint}
      onClick={(event) => onChoose(event.ctrlKey || event.metaKey)}
    >
      <span className={styles['icon']}>{Icon ? <Icon size={15} strokeWidth={1.5} aria-hidden /> : null}</span>
      <span className={styles['title']}>
        <Marked text={item.title} positions={positions} />
      </span>
      <span className={styles['detail']}>{item.detail}</span>
      <span className={styles['group']}>{isRecent ? `${item.group} · recent` : item.group}</span>
      {item.keys ? <KeyHint keys={item.keys} /> : null}
    </div>
  );
}

function Marked({ text, positions }: { readonly text: string; readonly positions: readonly number[] }) {
  if (positions.length === 0) return <>{text}</>;
  const marked = new Set(positions);
  return (
    <>
      {Array.from(text, (letter, position) =>
        marked.has(position) ? (
          <b key={position} className={styles['mark']}>
            {letter}
          </b>
        ) : (
          letter
        ),
      )}
    </>
  );
}
