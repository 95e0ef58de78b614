// The system prompt as the first turn: seen where the model sees it, edited in place.
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../../../ui/button.tsx';
import type { ChatSession } from '../session/chat-session.ts';
import editor from './turn-editor.module.css';
import styles from './turn-view.module.css';

export function SystemTurn({
  session,
  text,
  isBusy,
}: {
  readonly session: ChatSession;
  readonly text: string;
  readonly isBusy: boolean;
}) {
  const [edited, setEdited] = useState<string | null>(null);
  const save = () => {
    if (edited !== null) session.change({ systemPrompt: edited });
    setEdited(null);
  };
  if (edited === null && text.trim() === '') return null;
  return (
    <article className={styles['turn']} data-role="system" aria-label="system">
      <header className={styles['role']}>
        system
        <span className={styles['spring']} />
        {edited === null ? (
          <IconButton
            icon={Pencil}
            label="Edit the system prompt"
            size="small"
            isDisabled={isBusy}
            onPress={() => setEdited(text)}
          />
        ) : null}
      </header>
      {edited === null ? (
        <div className={styles['text']}>{text}</div>
      ) : (
        <div className={editor['editor']}>
          <textarea
            className={editor['field']}
            aria-label="Text of the system prompt"
            rows={4}
            // The person pressed Edit.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={edited}
            onChange={(event) => setEdited(event.target.value)}
            onKeyDown={(event) => {
              event.stopPropagation();
              if (event.key === 'Escape') setEdited(null);
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
            }}
          />
          <div className={editor['actions']}>
            <Button keys="Mod+Enter" onPress={save}>
              Save
            </Button>
            <Button kind="quiet" onPress={() => setEdited(null)}>
              Cancel
            </Button>
            <span className={editor['note']}>Answers that are there stay; new ones follow it</span>
          </div>
        </div>
      )}
    </article>
  );
}
