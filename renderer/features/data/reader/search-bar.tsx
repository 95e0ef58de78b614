// The line in which a document is searched: Enter for the next place, Shift+Enter for the one before, Escape to close.
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { IconButton } from '../../../ui/button.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { SearchField } from '../../../ui/text-field.tsx';
import { MAX_MATCHES } from './find-matches.ts';
import type { DocumentSearch } from './use-search.ts';
import styles from './reader.module.css';

export function SearchBar({ search }: { readonly search: DocumentSearch }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  return (
    // Keys of the field inside; nothing here is pressed by itself.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={styles['search']}
      onKeyDownCapture={(event) => {
        if (event.key === 'Enter' && event.target === input.current) {
          event.preventDefault();
          search.step(event.shiftKey ? -1 : 1);
        } else if (event.key === 'Escape') {
          event.stopPropagation();
          search.close();
        }
      }}
    >
      <SearchField
        label="Search this document"
        value={search.wanted}
        onChange={(wanted) => search.look(wanted)}
        autoFocus
        inputRef={input}
      />
      <span className={styles['count']} aria-live="polite">
        {countText(search)}
      </span>
      <IconButton
        icon={ChevronUp}
        label="Previous match"
        keys="Shift+Enter"
        size="small"
        onPress={() => search.step(-1)}
      />
      <IconButton
        icon={ChevronDown}
        label="Next match"
        keys="Enter"
        size="small"
        onPress={() => search.step(1)}
      />
      <IconButton icon={X} label="Close search" keys="Escape" size="small" onPress={() => search.close()} />
    </div>
  );
}

function countText({ wanted, matches, current }: DocumentSearch): string {
  if (wanted.trim() === '') return '';
  if (current === null) return 'No matches';
  const all = matches.isCut
    ? `the first ${formatInteger(MAX_MATCHES)}`
    : formatInteger(matches.starts.length);
  return `${formatInteger(current + 1)} of ${all}`;
}
