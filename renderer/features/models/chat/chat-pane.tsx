// Turns, the answer being written, what went wrong, and the composer.
import { useEffect, useRef, useState } from 'react';
import { describeError } from '../../../app/describe-error.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { fileName } from '../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import styles from './chat-pane.module.css';
import { ModelModeSwitch } from '../model-mode-switch.tsx';
import type { Answer, ChatSession } from './chat-session.ts';
import { Composer } from './composer.tsx';
import { TurnView } from './turn-view.tsx';
import { useChatState } from './use-chat-session.ts';

/** Nearer to the end than this, new text scrolls along. */
const FOLLOW_PX = 60;

export interface ChatPaneProps {
  readonly session: ChatSession;
  readonly modelPath: string;
  readonly query: URLSearchParams;
  /** Why the model cannot be loaded; null when it can, as far as is known. */
  readonly refusal: Error | null;
}

export function ChatPane({ session, modelPath, query, refusal }: ChatPaneProps) {
  const { conversation, answer, problem } = useChatState(session, (state) => state);
  const [draft, setDraft] = useState('');
  const frame = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    const element = frame.current;
    if (element && follows.current) element.scrollTop = element.scrollHeight;
  }, [conversation.messages, answer]);

  const send = () => {
    const text = draft;
    setDraft('');
    follows.current = true;
    void session.send(text);
  };
  const lastAnswer = conversation.messages.findLastIndex((turn) => turn.role === 'assistant');
  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title={conversation.title}
          detail={`${fileName(modelPath)} · ${conversation.mode === 'raw' ? 'raw completion, no template' : 'chat template of the model'}`}
          actions={<ModelModeSwitch path={modelPath} query={query} />}
        />
      }
      footer={
        refusal ? null : (
          <Composer
            value={draft}
            onChange={setDraft}
            isBusy={answer !== null}
            mode={conversation.mode}
            onSend={send}
            onStop={() => session.stop()}
          />
        )
      }
    >
      <div
        ref={frame}
        className={styles['turns']}
        role="log"
        aria-label="Conversation"
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          follows.current = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
        }}
      >
        {conversation.messages.length === 0 && answer === null && refusal === null ? (
          <Beginning mode={conversation.mode} />
        ) : null}
        {conversation.messages.map((turn, index) => (
          <TurnView
            // Turns are only ever appended or cut at the end.
            // oxlint-disable-next-line react/no-array-index-key
            key={index}
            turn={turn}
            isLastAnswer={index === lastAnswer && answer === null}
            onRegenerate={() => void session.regenerate()}
            onEdit={() => setDraft(session.rewind(index))}
          />
        ))}
        {answer ? <AnswerView answer={answer} /> : null}
        {refusal ? (
          <ErrorState compact {...describeError(refusal)} />
        ) : problem ? (
          <ErrorState
            compact
            {...describeError(problem)}
            actions={<Button onPress={() => void session.regenerate()}>Try again</Button>}
          />
        ) : null}
      </div>
    </Pane>
  );
}

function Beginning({ mode }: { readonly mode: 'chat' | 'raw' }) {
  return (
    <p className={styles['beginning']}>
      {mode === 'raw'
        ? 'Write the beginning of a text; the model goes on from there'
        : 'Ask something. The model is loaded with the first message'}
    </p>
  );
}

function AnswerView({ answer }: { readonly answer: Answer }) {
  if (answer.kind === 'writing') {
    return <TurnView turn={{ role: 'assistant', text: answer.text }} isLastAnswer={false} isWriting />;
  }
  return (
    <p className={styles['loading']} role="status">
      Loading the model{answer.fraction > 0 ? ` · ${Math.round(answer.fraction * 100)} %` : ''}
    </p>
  );
}
