// The field for searching a log: what, how, how many lines match, to the next and back.
import { ArrowDown, ArrowUp, CaseSensitive, Regex, WholeWord, X } from 'lucide-react';
import type { RefObject } from 'react';
import { describeError } from '../../../app/describe-error.ts';
import { IconButton } from '../../../ui/button.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { SearchField } from '../../../ui/text-field.tsx';
import styles from './log-bars.module.css';
import type { LogSearch } from './use-log-search.ts';

export function SearchBar({
  search,
  inputRef,
  onStep,
  onClose,
}: {
  readonly search: LogSearch;
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly onStep: (direction: 'next' | 'previous') => void;
  readonly onClose: () => void;
}) {
  const { settings, setSettings, state } = search;
  return (
    <div
      className={styles['bar']}
      role="search"
      aria-label="Search the log"
      // Before the field, for which Escape means to empty it: what was searched for stays.
      onKeyDownCapture={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
        } else if (event.key === 'Enter' && event.target instanceof HTMLInputElement)
          onStep(event.shiftKey ? 'previous' : 'next');
      }}
    >
      <div className={styles['searchField']}>
        <SearchField
          label="Search the log"
          value={search.text}
          onChange={search.setText}
          inputRef={inputRef}
          autoFocus
        />
      </div>
      <IconButton
        size="small"
        icon={CaseSensitive}
        label="Match case"
        isPressed={settings.matchesCase}
        onPress={() => setSettings({ ...settings, matchesCase: !settings.matchesCase })}
      />
      <IconButton
        size="small"
        icon={WholeWord}
        label="Whole words"
        isPressed={settings.wholeWord}
        onPress={() => setSettings({ ...settings, wholeWord: !settings.wholeWord })}
      />
      <IconButton
        size="small"
        icon={Regex}
        label="Regular expression"
        isPressed={settings.isRegex}
        onPress={() => setSettings({ ...settings, isRegex: !settings.isRegex })}
      />
      <span className={styles['count']} role="status">
        {search.problem ? (
          <span className={styles['problem']}>{describeError(search.problem).title}</span>
        ) : (
          countText(search)
        )}
      </span>
      <IconButton
        size="small"
        icon={ArrowUp}
        label="Previous match"
        keys="Shift+F3"
        isDisabled={!state?.matches}
        onPress={() => onStep('previous')}
      />
      <IconButton
        size="small"
        icon={ArrowDown}
        label="Next match"
        keys="F3"
        isDisabled={!state?.matches}
        onPress={() => onStep('next')}
      />
      <IconButton size="small" icon={X} label="Close search" onPress={onClose} />
    </div>
  );
}

function countText({ state, text, current }: LogSearch): string {
  if (text === '') return '';
  if (!state) return 'Searching…';
  const lines = `${formatInteger(state.matches)} ${state.matches === 1 ? 'line' : 'lines'}`;
  const share = state.sizeBytes === 0 ? 0 : Math.floor((state.scannedBytes / state.sizeBytes) * 100);
  if (!state.isComplete) return `${lines} so far, ${share} %`;
  if (state.matches === 0) return 'No line matches';
  return current ? `${formatInteger(current.index + 1)} of ${lines}` : lines;
}
