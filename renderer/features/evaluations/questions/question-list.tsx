// The list of questions: as many as there are, of which only those in sight are asked for. Arrows move, Home and End go to the ends.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { QuestionRow } from '../../../../core/api/evaluation-questions.ts';
import styles from './questions.module.css';

const ROW_PX = 46;

export interface QuestionListViewProps {
  readonly total: number;
  readonly current: number;
  readonly isOld: boolean;
  readonly hasSecond: boolean;
  readonly rowAt: (place: number) => QuestionRow | undefined;
  readonly onSeen: (seen: { readonly first: number; readonly last: number }) => void;
  readonly onGo: (place: number) => void;
}

export function QuestionListView(props: QuestionListViewProps) {
  const { total, current, isOld, hasSecond, rowAt, onSeen, onGo } = props;
  const scroll = useRef<HTMLDivElement>(null);
  // The rows below are not memoised, so functions that cannot be are no harm.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
  });
  // What the cursor goes to is in sight.
  useEffect(() => {
    if (total > 0) virtual.scrollToIndex(current, { align: 'auto' });
  }, [virtual, current, total]);
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => onSeen({ first, last }), [first, last, onSeen]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 0) / ROW_PX) - 1);
    const next: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: total - 1,
    };
    const place = next[event.key];
    if (place === undefined) return;
    event.preventDefault();
    onGo(place);
  };
  return (
    <div
      ref={scroll}
      className={styles['list']}
      role="listbox"
      aria-label="Questions"
      aria-busy={isOld}
      aria-activedescendant={total > 0 ? `question-row-${current}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start }) => (
          <Row
            key={index}
            place={index}
            top={start}
            total={total}
            isCurrent={index === current}
            hasSecond={hasSecond}
            row={rowAt(index)}
            onGo={onGo}
          />
        ))}
      </div>
    </div>
  );
}

function Row({
  place,
  top,
  total,
  isCurrent,
  hasSecond,
  row,
  onGo,
}: {
  readonly place: number;
  readonly top: number;
  readonly total: number;
  readonly isCurrent: boolean;
  readonly hasSecond: boolean;
  readonly row: QuestionRow | undefined;
  readonly onGo: (place: number) => void;
}) {
  return (
    // The list has the focus and the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={`question-row-${place}`}
      role="option"
      aria-selected={isCurrent}
      aria-setsize={total}
      aria-posinset={place + 1}
      aria-label={row === undefined ? `Question at ${place + 1}` : rowName(row)}
      tabIndex={-1}
      className={styles['row']}
      style={{ top, height: ROW_PX }}
      onClick={() => onGo(place)}
    >
      {row === undefined ? null : (
        <>
          <span className={styles['marks']} aria-hidden>
            <Mark score={row.first.score} />
            {hasSecond ? <Mark score={row.second?.score ?? null} /> : null}
          </span>
          <span className={styles['words']}>
            <span className={styles['question']}>{row.words === '' ? `Question ${row.id}` : row.words}</span>
            <span className={styles['under']}>
              {[`${row.id}`, row.subject ?? '', answersOf(row)].filter((part) => part !== '').join(' · ')}
            </span>
          </span>
        </>
      )}
    </div>
  );
}

const answersOf = ({ first, second, gold }: QuestionRow): string => {
  const taken =
    second !== null && second.answer !== first.answer
      ? `${first.answer ?? '–'} → ${second.answer ?? '–'}`
      : (first.answer ?? '–');
  return first.score === 1 && (second === null || second.score === 1)
    ? taken
    : `${taken} (right: ${gold ?? '–'})`;
};

export const scoreWord = (score: number | null): string =>
  score === null
    ? 'no score'
    : score === 1
      ? 'right'
      : score === 0
        ? 'wrong'
        : `${(100 * score).toFixed(0)} %`;

function rowName({ id, words, first, second }: QuestionRow): string {
  return `Question ${id}, ${scoreWord(first.score)}${second === null ? '' : `, then ${scoreWord(second.score)}`}: ${words}`;
}

/** Differs in shape, not only in colour. */
export function Mark({ score }: { readonly score: number | null }) {
  const letter = score === null ? 'none' : score === 1 ? 'right' : score === 0 ? 'wrong' : 'part';
  const sign = { none: '·', right: '✓', wrong: '✕', part: '◐' }[letter];
  return (
    <span className={styles['mark']} data-mark={letter}>
      {sign}
    </span>
  );
}
