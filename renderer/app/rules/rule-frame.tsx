// What every rule of a run has in the window: its words, what it could not do, the buttons to write, pause and take it away.
// Knows nothing of what a rule says.
import { type ReactNode, useState } from 'react';
import { useWorkspace } from '../session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './rule.module.css';

export interface RuleFrameProps<Rule extends { readonly paused: boolean }> {
  /** Null while there is none. */
  readonly rule: Rule | null;
  /** The rule, and what became of it, in a sentence. */
  readonly words: string;
  /** What it could not do last, as a sentence; null when all went well. */
  readonly failure: string | null;
  readonly createLabel: string;
  readonly changeLabel: string;
  readonly onSave: (rule: Rule | null) => Promise<void>;
  readonly dialog: (onClose: () => void) => ReactNode;
}

export function RuleFrame<Rule extends { readonly paused: boolean }>({
  rule,
  words,
  failure,
  createLabel,
  changeLabel,
  onSave,
  dialog,
}: RuleFrameProps<Rule>) {
  const { readOnly } = useWorkspace();
  const [isOpen, setOpen] = useState(false);
  if (rule === null && readOnly) return null;
  return (
    <div className={styles['rule']}>
      {rule === null ? null : (
        <>
          <p className={styles['words']}>{words}</p>
          {failure === null ? null : (
            <p className={styles['bad']} role="status">
              {failure}
            </p>
          )}
        </>
      )}
      {readOnly ? null : (
        <span className={styles['acts']}>
          <Button kind="quiet" onPress={() => setOpen(true)}>
            {rule === null ? createLabel : changeLabel}
          </Button>
          {rule === null ? null : (
            <Button kind="quiet" onPress={() => void onSave({ ...rule, paused: !rule.paused })}>
              {rule.paused ? 'Go on' : 'Pause'}
            </Button>
          )}
        </span>
      )}
      {isOpen ? dialog(() => setOpen(false)) : null}
    </div>
  );
}

export interface RuleDialogFrameProps<Rule> {
  readonly title: string;
  /** What the rule does, for people who write one for the first time. */
  readonly words: string;
  /** False for a rule that is new. */
  readonly exists: boolean;
  /** The rule as it is written now; null while something is missing. */
  readonly rule: Rule | null;
  /** Null takes the rule away. */
  readonly onSave: (rule: Rule | null) => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function RuleDialogFrame<Rule>({
  title,
  words,
  exists,
  rule,
  onSave,
  onClose,
  children,
}: RuleDialogFrameProps<Rule>) {
  const finish = (next: Rule | null) => void onSave(next).then(onClose);
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      actions={
        <>
          {exists ? (
            <Button kind="danger" onPress={() => finish(null)}>
              Remove the rule
            </Button>
          ) : null}
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={rule === null}
            onPress={() => {
              if (rule !== null) finish(rule);
            }}
          >
            Save the rule
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <p className={styles['words']}>{words}</p>
        {children}
      </div>
    </Dialog>
  );
}
