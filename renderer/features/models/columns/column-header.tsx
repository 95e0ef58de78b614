// The head of a column: its model, where it stands, and what can be done with it.
import { Bookmark, ChevronLeft, ChevronRight, Copy, RotateCcw, X } from 'lucide-react';
import { useQueryClient } from '@tanstack/react-query';
import { notify, notifyError } from '../../../app/notifications.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { IconButton } from '../../../ui/button.tsx';
import type { CompareSession } from './compare-session.ts';
import { type Column, MAX_COLUMNS } from './compare-state.ts';
import styles from './compare.module.css';
import { keepAsConversation } from './keep-column.ts';
import { columnTitle } from './column-title.ts';
import { useCompare, useModels } from './use-compare.ts';

export interface ColumnHeaderProps {
  readonly session: CompareSession;
  readonly column: Column;
  readonly index: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

export function ColumnHeader({ session, column, index, isChosen, onChoose }: ColumnHeaderProps) {
  const client = useClient();
  const queries = useQueryClient();
  const { readOnly } = useWorkspace();
  const { columns, questions, isBusy } = useCompare(session, (state) => state);
  const models = useModels();
  const model = models.data?.find(({ path }) => path === column.modelPath) ?? null;
  const { title, detail } = columnTitle(column, model);
  const hasAnswers = column.answers.some((answer) => answer !== null);
  const keep = async () => {
    try {
      const kept = await keepAsConversation(client, column, questions);
      await queries.invalidateQueries({ queryKey: queryKeys.conversations });
      notify({ severity: 'info', title: `Kept as the conversation “${kept}”` });
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <header className={styles['head']} data-chosen={isChosen || undefined}>
      <button
        type="button"
        className={styles['name']}
        title={column.modelPath}
        aria-pressed={isChosen}
        onClick={onChoose}
      >
        <strong>{title}</strong>
        <span className={styles['detail']}>
          {index === 0 ? `${detail} · others are compared with it` : detail}
        </span>
      </button>
      <span className={styles['tools']}>
        <IconButton
          icon={ChevronLeft}
          size="small"
          label={`Move ${title} left`}
          isDisabled={index === 0}
          onPress={() => session.move(column.id, -1)}
        />
        <IconButton
          icon={ChevronRight}
          size="small"
          label={`Move ${title} right`}
          isDisabled={index === columns.length - 1}
          onPress={() => session.move(column.id, 1)}
        />
        <IconButton
          icon={RotateCcw}
          size="small"
          label={`Ask ${title} again`}
          isDisabled={isBusy || questions.length === 0}
          onPress={() => void session.askAgain(column.id)}
        />
        <IconButton
          icon={Copy}
          size="small"
          label={`Another column like ${title}`}
          isDisabled={isBusy || columns.length >= MAX_COLUMNS}
          onPress={() => {
            session.copy(column.id);
          }}
        />
        <IconButton
          icon={Bookmark}
          size="small"
          label={`Keep ${title} as a conversation`}
          isDisabled={readOnly || !hasAnswers}
          onPress={() => void keep()}
        />
        <IconButton
          icon={X}
          size="small"
          label={`Remove ${title}`}
          isDisabled={isBusy || columns.length < 2}
          onPress={() => session.remove(column.id)}
        />
      </span>
    </header>
  );
}
