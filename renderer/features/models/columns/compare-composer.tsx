// One composer for all columns, and whether they answer one after the other or at once.
import { Send, Square } from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import { Select } from '../../../ui/select.tsx';
import type { CompareSession } from './compare-session.ts';
import styles from './compare.module.css';
import { useCompare } from './use-compare.ts';

export function CompareComposer(props: {
  readonly session: CompareSession;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onSend: () => void;
}) {
  const { session, value, onChange, onSend } = props;
  const { questions, columns, order, isBusy } = useCompare(session, (state) => state);
  const missing = columns.reduce(
    (sum, { answers }) => sum + questions.filter((_, at) => (answers[at] ?? null) === null).length,
    0,
  );
  return (
    <div className={styles['composer']}>
      <textarea
        className={styles['field']}
        aria-label="Message to all columns"
        placeholder="Ask every column"
        rows={2}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && isBusy) session.stop();
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          onSend();
        }}
      />
      <Select
        label="Order"
        isLabelHidden
        choices={[
          { id: 'one-by-one', label: 'One after the other', detail: 'speeds can be compared' },
          { id: 'at-once', label: 'At once', detail: 'quicker, but columns slow each other down' },
        ]}
        value={order}
        onChange={(next) => session.setOrder(next)}
        isDisabled={isBusy}
      />
      {isBusy ? (
        <Button icon={Square} keys="Escape" onPress={() => session.stop()}>
          Stop
        </Button>
      ) : missing > 0 && value.trim() === '' ? (
        <Button kind="primary" icon={Send} onPress={() => void session.ask(null)}>
          Ask what is missing
        </Button>
      ) : (
        <Button kind="primary" icon={Send} isDisabled={value.trim() === ''} onPress={onSend}>
          Send to all
        </Button>
      )}
    </div>
  );
}
