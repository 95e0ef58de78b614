// A virtual list of objects: type to filter, arrows, Enter or Space opens, Delete asks, Ctrl-click opens beside.
// Knows nothing about what the objects are.
import { type KeyboardEvent, type PointerEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { ListLayout, Virtualizer } from 'react-aria-components/Virtualizer';
import { filterItems } from './filter-items.ts';
import styles from './list-view.module.css';
import { SearchField } from './text-field.tsx';

/** From this many on the filter field is always visible; below, typing makes it appear. */
const FILTER_VISIBLE_FROM = 9;
const ROW_HEIGHT_PX = 26;

export interface ListViewProps<Item> {
  /** The accessible name: "Configs". */
  readonly label: string;
  readonly items: readonly Item[];
  readonly idOf: (item: Item) => string;
  /** What filtering looks at and screen readers say. */
  readonly textOf: (item: Item) => string;
  readonly renderItem: (item: Item) => ReactNode;
  readonly selectedId: string | null;
  readonly onOpen: (id: string) => void;
  /** The link of an item, for Ctrl-click. */
  readonly hrefOf?: (item: Item) => string;
  /** Asks first (`ConfirmDialog`) or offers Undo. */
  readonly onDelete?: (id: string) => void;
  /** 26 px for one line, 46 px for two. All rows are equally high. */
  readonly rowHeightPx?: number;
  /** Shown when there are no items at all; a filter without hits has its own words. */
  readonly empty?: ReactNode;
  /** Noun for the field: "Filter configs". */
  readonly filterLabel?: string;
}

export function ListView<Item extends object>(props: ListViewProps<Item>) {
  const { label, items, idOf, textOf, hrefOf, rowHeightPx = ROW_HEIGHT_PX } = props;
  const [filter, setFilter] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => filterItems(items, textOf, filter), [items, textOf, filter]);
  const layout = useMemo(() => ({ rowSize: rowHeightPx }), [rowHeightPx]);
  const hasField = items.length >= FILTER_VISIBLE_FROM || filter !== '';

  const focusFirst = () => list.current?.querySelector<HTMLElement>('[role="option"]')?.focus();
  const onKeyDown = (event: KeyboardEvent) => {
    const inField = event.target === input.current;
    if (event.key === 'Escape' && filter !== '') {
      event.preventDefault();
      event.stopPropagation();
      setFilter('');
      if (inField) focusFirst();
    } else if (inField) {
      if (event.key === 'ArrowDown') {
        event.preventDefault();
        focusFirst();
      } else if (event.key === 'Enter' && shown[0]) props.onOpen(idOf(shown[0]));
    } else if (event.key === 'Delete' && props.onDelete) {
      const id = keyOf(event.target);
      if (id !== null) props.onDelete(id);
    } else if (isText(event)) {
      event.stopPropagation();
      event.preventDefault();
      setFilter(filter + event.key);
    } else if (event.key === 'Backspace' && filter !== '') {
      event.preventDefault();
      setFilter(filter.slice(0, -1));
    }
  };
  const onPointerDown = (event: PointerEvent) => {
    const beside = event.button === 1 || (event.button === 0 && (event.ctrlKey || event.metaKey));
    if (!beside || !hrefOf) return;
    const id = keyOf(event.target);
    const item = items.find((candidate) => idOf(candidate) === id);
    if (!item) return;
    event.preventDefault();
    event.stopPropagation();
    window.open(hrefOf(item), '_blank', 'noopener');
  };

  if (items.length === 0 && props.empty !== undefined) return <>{props.empty}</>;
  return (
    <div
      className={styles['wrap']}
      role="presentation"
      data-type-to-filter
      onKeyDownCapture={onKeyDown}
      onPointerDownCapture={onPointerDown}
    >
      {hasField ? (
        <div className={styles['filter']}>
          <SearchField
            label={props.filterLabel ?? `Filter ${label.toLowerCase()}`}
            value={filter}
            onChange={setFilter}
            inputRef={input}
          />
        </div>
      ) : null}
      <span className="visually-hidden" aria-live="polite">
        {filter === '' ? '' : `${shown.length} of ${items.length} match ${filter}`}
      </span>
      {shown.length === 0 && filter !== '' ? (
        <p className={styles['none']}>
          Nothing matches “{filter}”. Esc shows all {items.length}.
        </p>
      ) : null}
      <Virtualizer layout={ListLayout} layoutOptions={layout}>
        <ListBox
          ref={list}
          aria-label={label}
          items={shown}
          className={styles['list'] ?? ''}
          selectionMode="single"
          selectedKeys={props.selectedId === null ? [] : [props.selectedId]}
          disallowEmptySelection
          escapeKeyBehavior="none"
          dependencies={[props.renderItem]}
          onSelectionChange={(keys) => {
            const [id] = keys === 'all' ? [] : [...keys];
            if (typeof id === 'string') props.onOpen(id);
          }}
        >
          {(item: Item) => (
            <ListBoxItem id={idOf(item)} textValue={textOf(item)} className={styles['item'] ?? ''}>
              {props.renderItem(item)}
            </ListBoxItem>
          )}
        </ListBox>
      </Virtualizer>
    </div>
  );
}

function isText(event: KeyboardEvent): boolean {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  return plain && event.key.length === 1 && event.key !== ' ' && event.key !== '?';
}

function keyOf(target: EventTarget): string | null {
  if (!(target instanceof Element)) return null;
  return target.closest<HTMLElement>('[data-key]')?.dataset['key'] ?? null;
}
