// A field for SQL over the columns of a dataset: completes their names, and shows at its place what core finds wrong.
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { CheckedSql } from '../../../../core/api/dataset-rows.ts';
import type { DatasetInfo } from '../../../../core/api/dataset-shape.ts';
import { MAX_SQL_CHARACTERS } from '../../../../core/lib/datasets/view.ts';
import type { SqlPart } from '../../../../core/lib/datasets/sql-tree.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import styles from './sql-box.module.css';
import { completionsOf, wordAt } from './sql-words.ts';

/** Checked when the typing pauses. */
const CHECK_DELAY_MS = 300;

export interface SqlFieldProps {
  readonly dataset: DatasetInfo;
  readonly part: SqlPart;
  readonly label: string;
  readonly value: string;
  readonly lines: number;
  readonly autoFocus?: boolean;
  readonly onChange: (value: string) => void;
  /** Ctrl+Enter. */
  readonly onSubmit: () => void;
}

/** What core says about a text; undefined while it is asked. An empty text is fine. */
export function useCheckedSql(dataset: DatasetInfo, part: SqlPart, text: string): CheckedSql | undefined {
  const client = useClient();
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), CHECK_DELAY_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const isEmpty = text.trim() === '';
  const isTooLong = text.length > MAX_SQL_CHARACTERS;
  const checked = useQuery({
    queryKey: [...queryKeys.dataset(dataset.path), 'sql', part, settled],
    queryFn: ({ signal }) =>
      client.datasets.checkSql({ path: dataset.path, part, text: settled }, { signal }),
    enabled: settled.trim() !== '' && settled.length <= MAX_SQL_CHARACTERS,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (isEmpty) return { kind: 'ok', columnOrder: null };
  if (isTooLong) {
    const message = `More than ${MAX_SQL_CHARACTERS.toLocaleString('en-US')} characters`;
    return { kind: 'problem', problem: { message, at: null } };
  }
  return settled === text ? checked.data : undefined;
}

export function SqlField(props: SqlFieldProps) {
  const { dataset, part, label, value, onChange } = props;
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const checked = useCheckedSql(dataset, part, value);
  const problem = checked?.kind === 'problem' ? checked.problem : null;
  const { from, word } = wordAt(value, caret ?? 0);
  const completions = caret === null ? [] : completionsOf(word, dataset.columns);

  const complete = (text: string) => {
    const next = `${value.slice(0, from)}${text}${value.slice(caret ?? from)}`;
    onChange(next);
    setCaret(null);
    requestAnimationFrame(() => {
      const at = from + text.length;
      area.current?.focus();
      area.current?.setSelectionRange(at, at);
    });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      props.onSubmit();
      return;
    }
    const completion = completions[chosen];
    if (!completion) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setChosen((chosen + step + completions.length) % completions.length);
    } else if (event.key === 'Enter' || event.key === 'Tab') {
      event.preventDefault();
      complete(completion.text);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      setCaret(null);
    }
  };
  return (
    <div className={styles['field']}>
      <label htmlFor={id} className={styles['label']}>
        {label}
      </label>
      <div className={styles['entry']}>
        <textarea
          id={id}
          ref={area}
          className={styles['area']}
          rows={props.lines}
          spellCheck={false}
          autoCapitalize="off"
          value={value}
          role="combobox"
          aria-expanded={completions.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-invalid={problem !== null}
          aria-describedby={`${id}-problem`}
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus={props.autoFocus ?? false}
          {...(completions.length > 0 ? { 'aria-activedescendant': `${id}-${chosen}` } : {})}
          onChange={(event) => {
            onChange(event.target.value);
            setCaret(event.target.selectionStart);
            setChosen(0);
          }}
          onKeyDown={press}
          onBlur={() => setCaret(null)}
        />
        {completions.length > 0 ? (
          <div id={`${id}-list`} role="listbox" aria-label="Completions" className={styles['list']}>
            {completions.map((completion, index) => (
              // The field keeps the focus and the keys; a press of the mouse is one more way.
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
              <div
                key={completion.text}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === chosen}
                className={styles['option']}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => complete(completion.text)}
              >
                {completion.text}
                <span className={styles['type']}>{completion.detail}</span>
              </div>
            ))}
          </div>
        ) : null}
      </div>
      <div id={`${id}-problem`} className={styles['problem']} role="status">
        {problem === null ? null : (
          <>
            {problem.message}
            {problem.at === null ? null : <Marked text={value} at={problem.at} />}
          </>
        )}
      </div>
    </div>
  );
}

const SHOWN_BEFORE = 40;
const SHOWN_AFTER = 30;

/** The line of the problem with a mark below its place. */
function Marked({ text, at }: { readonly text: string; readonly at: number }) {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  const line = text.slice(start, end < 0 ? text.length : end);
  const place = at - start;
  const cut = Math.max(0, place - SHOWN_BEFORE);
  const shown = `${cut > 0 ? '…' : ''}${line.slice(cut, place + SHOWN_AFTER)}`;
  const indent = place - cut + (cut > 0 ? 1 : 0);
  return (
    <pre className={styles['marked']} aria-label={`At character ${at + 1}`}>
      {shown}
      {'\n'}
      {' '.repeat(indent)}^
    </pre>
  );
}
