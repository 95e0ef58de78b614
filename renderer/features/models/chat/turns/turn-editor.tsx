// Edits a turn in place. The old text can stay as a branch of its own; what is being written survives a reload.
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { Turn } from '../../../../../core/api/conversations.ts';
import { Button } from '../../../../ui/button.tsx';
import type { ChatSession } from '../session/chat-session.ts';
import { useDraft } from '../session/drafts.ts';
import styles from './turn-editor.module.css';

export function TurnEditor({
  session,
  turn,
  isBusy,
  onClose,
}: {
  readonly session: ChatSession;
  readonly turn: Turn;
  readonly isBusy: boolean;
  readonly onClose: () => void;
}) {
  const [draft, setDraft] = useDraft(`turn.${turn.id}`);
  const field = useRef<HTMLTextAreaElement>(null);
  const text = draft ?? turn.text;
  useEffect(() => {
    const element = field.current;
    if (!element) return;
    element.focus();
    element.setSelectionRange(element.value.length, element.value.length);
  }, []);
  const done = (work: () => void) => {
    setDraft(null);
    onClose();
    work();
  };
  const isAnswer = turn.role === 'assistant';
  const save = () => done(() => session.edit(turn.id, text));
  const saveAsBranch = () => done(() => void session.editAsBranch(turn.id, text));
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') done(() => {});
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !isBusy) {
      event.preventDefault();
      saveAsBranch();
    }
  };
  return (
    <div className={styles['editor']}>
      <textarea
        ref={field}
        className={styles['field']}
        aria-label={`Text of this turn (${turn.role})`}
        rows={Math.min(16, Math.max(2, text.split('\n').length + 1))}
        value={text}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className={styles['actions']}>
        <Button isDisabled={isBusy} keys="Mod+Enter" onPress={saveAsBranch}>
          {isAnswer ? 'Save as branch' : 'Send as branch'}
        </Button>
        <Button isDisabled={isBusy} onPress={save}>
          Save in place
        </Button>
        {isAnswer ? (
          <Button
            kind="quiet"
            isDisabled={isBusy}
            onPress={() =>
              done(() => {
                session.edit(turn.id, text);
                void session.continueAnswer(turn.id);
              })
            }
          >
            Save and continue
          </Button>
        ) : null}
        <Button kind="quiet" onPress={() => done(() => {})}>
          Cancel
        </Button>
        <span className={styles['note']}>
          {isAnswer ? 'Token details of the old text go when it is saved in place' : ''}
        </span>
      </div>
    </div>
  );
}
