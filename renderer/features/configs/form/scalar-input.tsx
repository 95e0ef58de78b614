// One typed value: text and numbers. Every valid keystroke is in the file at once; what is not valid yet stays here,
// with the reason, until it is or until the field is left. Knows one field, not the form.
import { useState } from 'react';
import type { ValueType } from '../../../../core/lib/config/schema/types.ts';
import type { ConfigNode, ScalarValue } from '../../../../core/lib/config/types.ts';
import { readTyped, restingText, shownText } from './field-value.ts';
import styles from './field-control.module.css';

export function ScalarInput({
  id,
  label,
  type,
  node,
  placeholder,
  isReadOnly,
  isInvalid,
  onSet,
  onVisit,
  onLeave,
}: {
  readonly id: string;
  readonly label: string;
  readonly type: ValueType;
  readonly node: ConfigNode | null;
  readonly placeholder: string;
  readonly isReadOnly: boolean;
  readonly isInvalid: boolean;
  readonly onSet: (value: ScalarValue) => void;
  readonly onVisit: () => void;
  readonly onLeave: () => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const typed = draft === null ? null : readTyped(draft, type);
  const reason = typed?.kind === 'invalid' && draft?.trim() !== '' ? typed.reason : null;
  const isNumber = type.kind === 'int' || type.kind === 'float';
  const change = (text: string): void => {
    setDraft(text);
    const next = readTyped(text, type);
    if (next.kind === 'value' && text !== shownText(node)) onSet(next.value);
  };
  const stepBy = (by: number): void => {
    const current = Number(shownText(node));
    const next = readTyped(String(current + by), type);
    if (next.kind !== 'value') return;
    setDraft(String(next.value));
    onSet(next.value);
  };
  return (
    <>
      <input
        id={id}
        className={styles['input']}
        aria-label={label}
        aria-invalid={isInvalid || reason !== null}
        inputMode={isNumber ? 'decimal' : 'text'}
        spellCheck={false}
        autoComplete="off"
        value={draft ?? restingText(node)}
        placeholder={placeholder}
        readOnly={isReadOnly}
        onFocus={(event) => {
          setDraft(shownText(node));
          onVisit();
          const input = event.currentTarget;
          requestAnimationFrame(() => {
            if (document.activeElement === input) input.select();
          });
        }}
        onBlur={() => {
          setDraft(null);
          onLeave();
        }}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' || event.key === 'Enter') {
            // What was typed may be in the text and not yet in `node`, which is read from it a moment later.
            if (event.key === 'Escape' || typed?.kind !== 'value') setDraft(shownText(node));
            if (event.key === 'Enter') event.currentTarget.select();
          } else if (type.kind === 'int' && !isReadOnly && node !== null) {
            if (event.key === 'ArrowUp') stepBy(1);
            else if (event.key === 'ArrowDown') stepBy(-1);
            else return;
            event.preventDefault();
          }
        }}
        // Undo is the text's own (see form-pane.tsx), so an undone value must not stay in the draft.
        ref={(element) => {
          if (element !== null) resetters.set(element, () => setDraft(null));
        }}
      />
      {reason === null ? null : (
        <span className={styles['typing']} role="status">
          {reason}
        </span>
      )}
    </>
  );
}

const resetters = new WeakMap<Element, () => void>();

/** Drops what is half typed in an input, so that it shows the file's value again. */
export function resetDraft(element: Element | null): void {
  if (element !== null) resetters.get(element)?.();
}
