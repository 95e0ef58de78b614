// Where a message is written: Enter sends, Shift+Enter makes a line, Esc stops the answer.
import { type KeyboardEvent, useRef } from 'react';
import { Button } from '../../../ui/button.tsx';
import styles from './composer.module.css';

export interface ComposerProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isBusy: boolean;
  readonly mode: 'chat' | 'raw';
  readonly onSend: () => void;
  readonly onStop: () => void;
}

export function Composer({ value, onChange, isBusy, mode, onSend, onStop }: ComposerProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (!isBusy) onSend();
    } else if (event.key === 'Escape' && isBusy) {
      event.preventDefault();
      onStop();
    }
  };
  return (
    <div className={styles['composer']}>
      <textarea
        ref={field}
        className={styles['field']}
        aria-label={mode === 'raw' ? 'Text to continue' : 'Message'}
        placeholder={mode === 'raw' ? 'Text to continue' : 'Message'}
        rows={2}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {isBusy ? (
        <Button onPress={onStop}>Stop</Button>
      ) : (
        <Button kind="plain" isDisabled={value.trim() === ''} onPress={onSend}>
          Send
        </Button>
      )}
    </div>
  );
}
