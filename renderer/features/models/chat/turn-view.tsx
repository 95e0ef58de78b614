// One turn: who, the text as it is, and for answers how fast and why it ended.
import type { Conversation } from '../../../../core/api/chat.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { formatDuration, formatQuantity } from '../../../ui/format.ts';
import styles from './turn-view.module.css';

type Turn = Conversation['messages'][number];

export interface TurnViewProps {
  readonly turn: Turn;
  readonly isLastAnswer: boolean;
  readonly isWriting?: boolean;
  readonly onRegenerate?: () => void;
  readonly onEdit?: () => void;
}

const endings: Readonly<Record<string, string>> = {
  'max-tokens': 'reached the token limit',
  stopped: 'stopped',
};

export function TurnView({ turn, isLastAnswer, isWriting = false, onRegenerate, onEdit }: TurnViewProps) {
  return (
    <article className={styles['turn']} data-role={turn.role} aria-busy={isWriting}>
      <header className={styles['role']}>{turn.role}</header>
      <div className={styles['text']}>
        {turn.text}
        {isWriting ? <span className={styles['caret']} aria-hidden="true" /> : null}
      </div>
      {isWriting ? null : (
        <footer className={styles['footer']}>
          <span className={styles['statistics']}>{statisticsOf(turn)}</span>
          <span className={styles['actions']}>
            {isLastAnswer ? (
              <Button kind="quiet" onPress={() => onRegenerate?.()}>
                Regenerate
              </Button>
            ) : null}
            {turn.role === 'user' ? (
              <Button kind="quiet" onPress={() => onEdit?.()}>
                Edit from here
              </Button>
            ) : null}
            <CopyButton text={turn.text} label="Copy" iconOnly />
          </span>
        </footer>
      )}
    </article>
  );
}

function statisticsOf(turn: Turn): string {
  const { statistics } = turn;
  const parts = statistics
    ? [
        formatQuantity(statistics.tokens, 'token'),
        `${statistics.tokensPerSecond.toFixed(1)} tokens/s`,
        `first token ${formatDuration(statistics.timeToFirstTokenMs)}`,
      ]
    : [];
  const ending = endings[turn.stopReason ?? ''];
  return [...parts, ...(ending ? [ending] : [])].join(' · ');
}
