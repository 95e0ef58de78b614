// What ssh asks while a target connects, in every window; the first answer counts. Closing the dialog refuses. Nothing asks twice:
// a new question comes only when somebody connects again.
import { useState } from 'react';
import type { SshQuestion } from '../../core/api/targets.ts';
import { hostKeyQuestion, namesFingerprint } from '../../core/lib/remote/host-key-question.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { notifyError } from './notifications.ts';
import { useClient } from './session.ts';
import styles from './ssh-questions.module.css';
import { useSshQuestions } from './target-feed.tsx';

export function SshQuestions() {
  const questions = useSshQuestions();
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const client = useClient();
  const question = questions.find(({ id }) => !done.has(id));
  if (!question) return null;
  const answer = (text: string | null) => {
    setDone((known) => new Set([...known, question.id]));
    // Hiding the request to touch a key must not refuse it.
    if (question.kind === 'wait') return;
    void client.targets.answer({ id: question.id, text }).catch(notifyError);
  };
  return <QuestionDialog key={question.id} question={question} onAnswer={answer} />;
}

interface QuestionProps {
  readonly question: SshQuestion;
  /** Null refuses. */
  readonly onAnswer: (text: string | null) => void;
}

function QuestionDialog(props: QuestionProps) {
  if (props.question.kind === 'confirm') return <ConfirmQuestion {...props} />;
  if (props.question.kind === 'wait') return <WaitQuestion {...props} />;
  return <TypedQuestion {...props} />;
}

function ConfirmQuestion({ question, onAnswer }: QuestionProps) {
  const [published, setPublished] = useState('');
  const key = hostKeyQuestion(question.text);
  const isOther = key !== null && published.trim() !== '' && !namesFingerprint(published, key.fingerprint);
  return (
    <Dialog
      title={key ? `Is this the key of ${question.target}?` : `${question.target} asks`}
      isOpen
      isDismissable={false}
      onClose={() => onAnswer(null)}
      actions={
        <>
          <Button onPress={() => onAnswer(null)}>{key ? 'Refuse' : 'No'}</Button>
          <Button kind="primary" isDisabled={isOther} onPress={() => onAnswer('yes')}>
            {key ? 'Accept the key' : 'Yes'}
          </Button>
        </>
      }
    >
      {key ? (
        <div className={styles['form']}>
          <p className={styles['text']}>
            ssh has never seen {key.host}. Compare this {key.keyType} fingerprint with the one that the site
            publishes; once accepted it is kept in your known hosts.
          </p>
          <p className={styles['fingerprint']}>
            <code>{key.fingerprint}</code>
            <CopyButton text={key.fingerprint} label="Copy" />
          </p>
          <TextField
            label="Published fingerprint"
            mono
            autoFocus
            value={published}
            onChange={setPublished}
            placeholder="Paste it here to have it compared"
            error={isOther ? 'This is another fingerprint: do not accept the key' : null}
            {...(published.trim() !== '' && !isOther ? { hint: 'The same fingerprint' } : {})}
          />
        </div>
      ) : (
        <p className={styles['asked']}>{question.text}</p>
      )}
    </Dialog>
  );
}

function TypedQuestion({ question, onAnswer }: QuestionProps) {
  const [text, setText] = useState('');
  const isSecret = question.kind === 'secret';
  return (
    <Dialog
      title={`Log in to ${question.target}`}
      isOpen
      isDismissable={false}
      onClose={() => onAnswer(null)}
      actions={
        <>
          <Button onPress={() => onAnswer(null)}>Cancel</Button>
          <Button kind="primary" onPress={() => onAnswer(text)}>
            Log in
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <p className={styles['asked']}>{question.text}</p>
        <TextField
          label={isSecret ? 'Answer, typed unseen' : 'Answer'}
          isLabelHidden
          isSecret={isSecret}
          autoFocus
          value={text}
          onChange={setText}
          onSubmit={onAnswer}
        />
        {isSecret ? <p className={styles['text']}>It goes to ssh and is kept nowhere.</p> : null}
      </div>
    </Dialog>
  );
}

function WaitQuestion({ question, onAnswer }: QuestionProps) {
  return (
    <Dialog
      title={`${question.target} waits for you`}
      isOpen
      isDismissable={false}
      onClose={() => onAnswer(null)}
      actions={<Button onPress={() => onAnswer(null)}>Hide</Button>}
    >
      <p className={styles['asked']}>{question.text}</p>
      <p className={styles['text']}>This goes away by itself once it is done.</p>
    </Dialog>
  );
}
