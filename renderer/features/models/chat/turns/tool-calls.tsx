// What an answer called: name, arguments, whether they fit the schema; a person approves with an answer, edits the call, or refuses.
import { useState } from 'react';
import type { Turn } from '../../../../../core/api/conversations.ts';
import type { ToolCall } from '../../../../../core/api/generation.ts';
import { callProblem, openCalls } from '../../../../../core/lib/conversations/check-answer.ts';
import { pathTo, shownPath } from '../../../../../core/lib/conversations/tree.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { Button } from '../../../../ui/button.tsx';
import { TextField } from '../../../../ui/text-field.tsx';
import type { ChatSession } from '../session/chat-session.ts';
import { useDraft } from '../session/drafts.ts';
import styles from './tool-calls.module.css';
import { useChatState } from '../session/use-chat-session.ts';

/** What the model is told when a person refuses a call. */
const REFUSAL = '{"error": "The user refused this call."}';

export function ToolCalls({
  session,
  turn,
  isBusy,
}: {
  readonly session: ChatSession;
  readonly turn: Turn;
  readonly isBusy: boolean;
}) {
  const conversation = useChatState(session, (state) => state.conversation);
  const isShown = shownPath(conversation).some(({ id }) => id === turn.id);
  const open = openCalls(isShown ? shownPath(conversation) : pathTo(conversation, turn.id));
  return (
    <ul className={styles['calls']} aria-label="Calls">
      {(turn.toolCalls ?? []).map((call) => (
        <Call
          key={call.id}
          session={session}
          turn={turn}
          call={call}
          problem={callProblem(call, conversation.tools)}
          isOpen={open.some(({ id }) => id === call.id)}
          isBusy={isBusy}
        />
      ))}
    </ul>
  );
}

function Call({
  session,
  turn,
  call,
  problem,
  isOpen,
  isBusy,
}: {
  readonly session: ChatSession;
  readonly turn: Turn;
  readonly call: ToolCall;
  readonly problem: string | null;
  readonly isOpen: boolean;
  readonly isBusy: boolean;
}) {
  const [draft, setDraft] = useDraft(`call.${turn.id}.${call.id}`);
  const [edited, setEdited] = useState<string | null>(null);
  const answer = (text: string) => {
    setDraft(null);
    void session.answerCall(turn.id, call, text);
  };
  return (
    <li className={styles['call']}>
      <header className={styles['head']}>
        <code className={styles['name']}>{call.name}</code>
        <Badge
          tone={problem === null ? 'good' : 'bad'}
          title={problem ?? 'The arguments fit the schema of the tool'}
        >
          {problem === null ? 'fits the schema' : 'does not fit'}
        </Badge>
        {isOpen ? <Badge tone="warn">waits for an answer</Badge> : null}
      </header>
      {edited === null ? (
        <pre className={styles['arguments']}>{pretty(call.arguments)}</pre>
      ) : (
        <TextField
          label={`Arguments of ${call.name}`}
          isLabelHidden
          mono
          lines={5}
          value={edited}
          onChange={setEdited}
        />
      )}
      {problem === null ? null : <p className={styles['problem']}>{problem}</p>}
      {isOpen ? (
        <>
          <TextField
            label={`Answer of ${call.name}`}
            lines={2}
            mono
            value={draft ?? ''}
            placeholder='{"temperature": 21}'
            onChange={setDraft}
          />
          <div className={styles['actions']}>
            <Button isDisabled={isBusy || (draft ?? '').trim() === ''} onPress={() => answer(draft ?? '')}>
              Approve with this answer
            </Button>
            {edited === null ? (
              <Button kind="quiet" isDisabled={isBusy} onPress={() => setEdited(pretty(call.arguments))}>
                Edit the call
              </Button>
            ) : (
              <Button
                kind="quiet"
                isDisabled={isBusy}
                onPress={() => {
                  session.editCall(turn.id, call.id, edited);
                  setEdited(null);
                }}
              >
                Keep these arguments
              </Button>
            )}
            <Button kind="quiet" isDisabled={isBusy} onPress={() => answer(REFUSAL)}>
              Refuse
            </Button>
          </div>
        </>
      ) : null}
    </li>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
