// Turns, the answer being written, what went wrong, and the composer; or the prompt as the model sees it.
import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { Turn } from '../../../../core/api/conversations.ts';
import { pathTo, shownPath, siblingsOf } from '../../../../core/lib/conversations/tree.ts';
import { describeError } from '../../../app/describe-error.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Pane } from '../../../ui/pane.tsx';
import { ChatHeader } from './chat-header.tsx';
import { MessagesSquare } from 'lucide-react';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { KeyHint } from '../../../ui/key-hint.tsx';
import styles from './chat-pane.module.css';
import type { ChatSession } from './session/chat-session.ts';
import { Composer } from './composer.tsx';
import { LiveAnswer } from './turns/live-answer.tsx';
import { PromptView } from './tokens/prompt-view.tsx';
import { SystemTurn } from './turns/system-turn.tsx';
import { useTokenLook } from './tokens/token-look.ts';
import { TokenLegend } from './tokens/token-legend.tsx';
import { TurnView } from './turns/turn-view.tsx';
import { useChatCommands } from './use-chat-commands.ts';
import { useChatState } from './session/use-chat-session.ts';
import { usePromptView } from './tokens/use-prompt-view.ts';

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
  const { conversation, answer, problem, saveProblem } = useChatState(session, (state) => state);
  const [look, setLook] = useTokenLook();
  const [showsPrompt, setShowsPrompt] = usePromptView();
  const frame = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const isBusy = answer !== null;
  useChatCommands({ session, look, setLook, showsPrompt, setShowsPrompt });

  const answered = answer?.parentId ?? null;
  const path = useMemo(() => {
    if (!isBusy) return shownPath(conversation);
    return answered === null ? [] : pathTo(conversation, answered);
  }, [conversation, answered, isBusy]);
  const toEnd = useCallback(() => {
    const element = frame.current;
    if (element && follows.current) element.scrollTop = element.scrollHeight;
  }, []);
  useEffect(toEnd, [path, answer?.phase, toEnd]);
  // A link to a turn, as the search makes them: its branch is shown and it is scrolled to.
  const linked = query.get('turn');
  useEffect(() => {
    if (linked === null) return;
    session.show(linked);
    follows.current = false;
    const timer = setTimeout(() => {
      const element = frame.current?.querySelector<HTMLElement>(`[data-turn="${CSS.escape(linked)}"]`);
      element?.scrollIntoView({ block: 'center' });
      element?.focus();
    }, 50);
    return () => clearTimeout(timer);
  }, [linked, session]);

  const send = (text: string, start: string) => {
    follows.current = true;
    void session.send(text, start);
  };
  const isEmpty = path.length === 0 && !answer;
  const needsAnswer = !isBusy && refusal === null && problem === null && path.at(-1)?.role === 'user';
  return (
    <Pane
      scrolls={false}
      header={
        <ChatHeader
          session={session}
          modelPath={modelPath}
          query={query}
          look={look}
          onLook={setLook}
          showsPrompt={showsPrompt}
          onPrompt={setShowsPrompt}
        />
      }
      footer={
        refusal ? null : (
          <Composer
            key={conversation.id}
            id={conversation.id}
            isBusy={isBusy}
            mode={conversation.mode}
            isNew={conversation.turns.length === 0}
            onSend={send}
            onStop={() => session.stop()}
          />
        )
      }
    >
      <div className={styles['body']}>
        {saveProblem ? <SaveProblem session={session} problem={saveProblem} /> : null}
        {look.isOn && !showsPrompt ? (
          <TokenLegend look={look} onLook={setLook} topTokens={conversation.topTokens} />
        ) : null}
        {showsPrompt ? (
          <PromptView conversation={conversation} path={path} modelPath={modelPath} />
        ) : (
          // Arrows between turns; each turn takes the focus itself.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
          <div
            ref={frame}
            className={styles['turns']}
            role="log"
            aria-label="Conversation"
            onKeyDown={moveBetweenTurns}
            onScroll={(event) => {
              const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
              follows.current = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
            }}
          >
            {conversation.mode === 'chat' && (!isEmpty || conversation.systemPrompt !== '') ? (
              <SystemTurn session={session} text={conversation.systemPrompt} isBusy={isBusy} />
            ) : null}
            {isEmpty && refusal === null ? <Beginning mode={conversation.mode} /> : null}
            {chunksOf(path).map((chunk) => (
              <div key={chunk[0]?.id} className={styles['chunk']}>
                {chunk.map((turn) => {
                  const { turns, index: branch } = siblingsOf(conversation, turn);
                  return (
                    <TurnView
                      key={turn.id}
                      session={session}
                      turn={turn}
                      branch={branch}
                      branches={turns.length}
                      isLast={turn === path.at(-1) && !isBusy}
                      isBusy={isBusy}
                      isRaw={conversation.mode === 'raw'}
                      look={look}
                      modelPath={conversation.modelPath}
                    />
                  );
                })}
              </div>
            ))}
            {answer ? (
              <LiveAnswer live={answer} look={look} modelPath={conversation.modelPath} onGrow={toEnd} />
            ) : null}
            {refusal ? (
              <ErrorState compact {...describeError(refusal)} />
            ) : problem ? (
              <ErrorState
                compact
                {...describeError(problem)}
                actions={<Button onPress={() => void tryAgain(session)}>Try again</Button>}
              />
            ) : needsAnswer ? (
              <Button onPress={() => void session.answer()}>Answer this</Button>
            ) : null}
          </div>
        )}
      </div>
    </Pane>
  );
}

const CHUNK_TURNS = 16;

function chunksOf(path: readonly Turn[]): readonly (readonly Turn[])[] {
  return Array.from({ length: Math.ceil(path.length / CHUNK_TURNS) }, (_, at) =>
    path.slice(at * CHUNK_TURNS, (at + 1) * CHUNK_TURNS),
  );
}

/** A partial answer stays as a branch; another one is made beside it. */
function tryAgain(session: ChatSession): Promise<void> {
  const last = shownPath(session.store.getState().conversation).at(-1);
  return last?.role === 'assistant' ? session.regenerate(last.id) : session.answer();
}

/** Up and down go from turn to turn while a turn itself has the focus. */
function moveBetweenTurns(event: React.KeyboardEvent<HTMLElement>): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (
    by === undefined ||
    !(event.target instanceof HTMLElement) ||
    event.target.dataset['turn'] === undefined
  )
    return;
  const turns = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-turn]')];
  const next = turns[turns.indexOf(event.target) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

function Beginning({ mode }: { readonly mode: 'chat' | 'raw' }) {
  return (
    <EmptyState icon={MessagesSquare} title={mode === 'raw' ? 'Begin a text' : 'Ask something'}>
      {mode === 'raw' ? 'It goes on where the text ends. ' : ''}
      The model is loaded with the first message. <KeyHint keys="T" /> shows every token with its probability;
      a click on another one goes on from there.
    </EmptyState>
  );
}

function SaveProblem({ session, problem }: { readonly session: ChatSession; readonly problem: unknown }) {
  const described = describeError(problem);
  return (
    <div className={styles['problem']}>
      <ErrorState
        compact
        {...described}
        title={`Not saved: ${described.title}`}
        actions={
          <>
            <Button onPress={() => void session.save()}>Save again</Button>
            {described.code === 'TOO_LARGE' ? (
              <Button onPress={() => void session.dropTokenDetail(10)}>
                Drop token details of older answers
              </Button>
            ) : null}
          </>
        }
      />
    </div>
  );
}
