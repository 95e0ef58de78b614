// Where a message is written: Enter sends, Shift+Enter makes a line, Esc stops the answer. The answer can be given its beginning.
import { TextCursorInput } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Button, IconButton } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import styles from './composer.module.css';
import { useDraft } from './session/drafts.ts';

export interface ComposerProps {
  /** Of the conversation: what was begun is kept under it. */
  readonly id: string;
  readonly isBusy: boolean;
  readonly mode: 'chat' | 'raw';
  /** Nothing was said yet: whoever opens it wants to write. */
  readonly isNew: boolean;
  readonly onSend: (text: string, start: string) => void;
  readonly onStop: () => void;
}

export function Composer({ id, isBusy, mode, isNew, onSend, onStop }: ComposerProps) {
  const [draft, setDraft] = useDraft(id);
  const [start, setStart] = useDraft(`${id}.start`);
  const [hasStart, setHasStart] = useState(start !== null);
  const field = useRef<HTMLTextAreaElement>(null);
  const opensNew = useRef(isNew);
  // A key of its own per conversation: this runs when one is opened. Whoever goes through a list with the arrows stays there.
  useEffect(() => {
    if (opensNew.current && document.activeElement?.closest('[data-pane="list"], [role="dialog"]') === null)
      field.current?.focus();
  }, []);
  const text = draft ?? '';
  const send = () => {
    if (isBusy || text.trim() === '') return;
    const begun = hasStart ? (start ?? '') : '';
    setDraft(null);
    setStart(null);
    setHasStart(false);
    onSend(text, begun);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape' && isBusy) {
      event.preventDefault();
      onStop();
    }
  };
  const isRaw = mode === 'raw';
  return (
    <div className={styles['composer']}>
      <div className={styles['fields']}>
        <textarea
          ref={field}
          className={styles['field']}
          aria-label={isRaw ? 'Text to continue' : 'Message'}
          placeholder={isRaw ? 'Text to continue' : 'Message'}
          rows={2}
          value={text}
          onChange={(event) => setDraft(event.target.value === '' ? null : event.target.value)}
          onKeyDown={onKeyDown}
        />
        {hasStart && !isRaw ? (
          <TextField
            label="The answer begins with"
            isLabelHidden
            placeholder="The answer begins with…"
            autoFocus
            value={start ?? ''}
            onChange={setStart}
            onSubmit={send}
          />
        ) : null}
      </div>
      {isRaw ? null : (
        <IconButton
          icon={TextCursorInput}
          label={hasStart ? 'Let the model begin the answer' : 'Begin the answer with given text…'}
          isPressed={hasStart}
          onPress={() => {
            if (hasStart) setStart(null);
            setHasStart(!hasStart);
          }}
        />
      )}
      {isBusy ? (
        <Button keys="Esc" onPress={onStop}>
          Stop
        </Button>
      ) : (
        <Button kind="plain" isDisabled={text.trim() === ''} onPress={send}>
          Send
        </Button>
      )}
    </div>
  );
}
