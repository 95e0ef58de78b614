// The head of a column: its model, where it stands, and what can be done with it.
import { ChevronLeft, ChevronRight, Copy, RotateCcw, X } from 'lucide-react';
import { IconButton } from '../../../ui/button.tsx';
import { fileName } from '../../../ui/format.ts';
import type { CompareSession } from './compare-session.ts';
import { type Column, MAX_COLUMNS } from './compare-state.ts';
import styles from './compare.module.css';
import { modelTitle } from './model-title.ts';
import { useCompare, useModels } from './use-compare.ts';

export interface ColumnHeaderProps {
  readonly session: CompareSession;
  readonly column: Column;
  readonly index: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

export function ColumnHeader({ session, column, index, isChosen, onChoose }: ColumnHeaderProps) {
  const { columns, questions, isBusy } = useCompare(session, (state) => state);
  const models = useModels();
  const model = models.data?.find(({ path }) => path === column.modelPath) ?? null;
  const { title, detail } = modelTitle(column, model);
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
        <span className={styles['detail']}>{index === 0 ? `${detail} · compared with` : detail}</span>
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
          icon={X}
          size="small"
          label={`Remove ${fileName(column.modelPath)}`}
          isDisabled={isBusy || columns.length < 2}
          onPress={() => session.remove(column.id)}
        />
      </span>
    </header>
  );
}
