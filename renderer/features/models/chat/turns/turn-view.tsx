// One turn: who, the text (or its tokens), what was called, and for answers how fast and why it ended. Drawn again only when the turn
// itself changes. Its acts are drawn while the pointer or the focus is on it, so that five hundred turns stay light.
import { memo, type KeyboardEvent, useState } from 'react';
import type { Turn } from '../../../../../core/api/conversations.ts';
import { perplexityOf } from '../../../../../core/lib/conversations/token-columns.ts';
import { textBeforeCalls } from '../../../../../core/lib/generation/tool-calls.ts';
import { describeError } from '../../../../app/describe-error.ts';
import { notify, notifyError } from '../../../../app/notifications.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { formatDiskSize, formatDuration, formatInteger, formatQuantity } from '../../../../ui/format.ts';
import { ModelTitle } from '../../model-title.tsx';
import { BranchSwitch } from './branch-switch.tsx';
import type { ChatSession } from '../session/chat-session.ts';
import type { TokenLook } from '../tokens/token-look.ts';
import { TokenText } from '../tokens/token-text.tsx';
import { ToolCalls } from './tool-calls.tsx';
import { TurnActions } from './turn-actions.tsx';
import { TurnEditor } from './turn-editor.tsx';
import styles from './turn-view.module.css';
import { useIsNear } from './use-is-near.ts';

export interface TurnViewProps {
  readonly session: ChatSession;
  readonly turn: Turn;
  /** Place among the branches beside it, from 0, and how many there are. */
  readonly branch: number;
  readonly branches: number;
  readonly isLast: boolean;
  /** Something is being written: nothing can be changed now. */
  readonly isBusy: boolean;
  readonly isRaw: boolean;
  readonly look: TokenLook;
  /** The model of the conversation; an answer of another one says so. */
  readonly modelPath: string | null;
}

const endings: Readonly<Record<string, string>> = {
  'max-tokens': 'reached the token limit',
  'context-full': 'the context is full',
  'stop-text': 'ended at a stop text',
  stopped: 'stopped',
  failed: 'broke off',
};
/** Reasons after which an answer can go on. */
const unfinished = new Set(['max-tokens', 'stopped', 'failed', 'stop-text', 'context-full']);

export const TurnView = memo(function TurnView(props: TurnViewProps) {
  const { session, turn, branch, branches, isLast, isBusy, isRaw, look } = props;
  const [isEditing, setEditing] = useState(false);
  const [isActive, setActive] = useState(false);
  const [ref, isNear] = useIsNear(look.isOn && turn.tokens !== undefined);
  const canContinue = turn.role === 'assistant' && isLast && turn.toolCalls === undefined;

  const remove = () => {
    const undo = session.remove(turn.id);
    if (undo)
      notify({
        severity: 'info',
        title: 'Branch deleted',
        detail: 'The turn and what followed it',
        action: { label: 'Undo', perform: undo },
      });
  };
  const act = (work: Promise<void>) => void work.catch((error: unknown) => notifyError(describeError(error)));
  const acts = {
    edit: () => setEditing(true),
    regenerate: () => act(session.regenerate(turn.id)),
    continueAnswer: () => act(session.continueAnswer(turn.id)),
    remove,
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const perform = {
      e: acts.edit,
      r: turn.role === 'tool' ? undefined : acts.regenerate,
      c: canContinue ? acts.continueAnswer : undefined,
      Delete: remove,
      ArrowLeft: branches > 1 ? () => session.showBeside(turn.id, -1) : undefined,
      ArrowRight: branches > 1 ? () => session.showBeside(turn.id, 1) : undefined,
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!perform || isBusy) return;
    event.preventDefault();
    event.stopPropagation();
    perform();
  };
  const actions =
    isActive || isLast ? (
      <TurnActions
        text={turn.text}
        isAnswer={turn.role === 'assistant'}
        isBusy={isBusy}
        isUnfinished={unfinished.has(turn.stopReason ?? '')}
        canContinue={canContinue}
        {...acts}
      />
    ) : null;
  const tokens = isNear ? turn.tokens : undefined;
  return (
    // A turn takes keys of its own (E, R, C, Delete, arrows) once it has the focus; buttons inside do the same.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <article
      ref={ref}
      className={styles['turn']}
      data-role={turn.role}
      data-turn={turn.id}
      aria-label={roleWords(turn, isRaw)}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={isLast ? 0 : -1}
      onKeyDown={onKeyDown}
      onPointerEnter={() => setActive(true)}
      onPointerLeave={() => setActive(false)}
      onFocus={() => setActive(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setActive(false);
      }}
    >
      <header className={styles['role']}>
        {roleWords(turn, isRaw)}
        {turn.edited ? <span className={styles['note']}>edited</span> : null}
        {turn.role === 'assistant' && turn.modelPath !== undefined && turn.modelPath !== props.modelPath ? (
          <span className={styles['note']} title={turn.modelPath}>
            by <ModelTitle path={turn.modelPath} />
          </span>
        ) : null}
        {turn.check ? (
          <Badge
            tone={turn.check.valid ? 'good' : 'bad'}
            title={turn.check.problem ?? 'It is what the schema asks for'}
          >
            {turn.check.valid ? 'valid' : 'not valid'}
          </Badge>
        ) : null}
        <span className={styles['spring']} />
        {turn.role === 'assistant' ? null : actions}
        {branches > 1 ? (
          <BranchSwitch
            branch={branch}
            branches={branches}
            isDisabled={isBusy}
            onShow={(by) => session.showBeside(turn.id, by)}
          />
        ) : null}
      </header>
      {isEditing ? (
        <TurnEditor session={session} turn={turn} isBusy={isBusy} onClose={() => setEditing(false)} />
      ) : tokens ? (
        <TokenText
          tokens={tokens}
          colouring={look.colouring}
          {...(isBusy
            ? {}
            : { onForce: (place, forced) => act(session.forceTokens(turn.id, place, forced)) })}
        />
      ) : (
        <div className={styles['text']}>{shownText(turn, isRaw)}</div>
      )}
      {turn.check?.problem ? <p className={styles['problem']}>{turn.check.problem}</p> : null}
      {turn.toolCalls ? <ToolCalls session={session} turn={turn} isBusy={isBusy} /> : null}
      {turn.role === 'assistant' ? (
        <footer className={styles['footer']}>
          <span className={styles['statistics']} title={statisticsInFull(turn)}>
            {statisticsOf(turn)}
          </span>
          {actions}
        </footer>
      ) : null}
    </article>
  );
});

/** What stands in a call is shown as a call; models that begin with a space mean nothing by it. */
function shownText(turn: Turn, isRaw: boolean): string {
  if (isRaw || turn.role !== 'assistant') return turn.text;
  return (turn.toolCalls ? textBeforeCalls(turn.text) : turn.text).trimStart();
}

function roleWords(turn: Turn, isRaw: boolean): string {
  if (turn.role === 'tool') return `answer of ${turn.toolName ?? 'a tool'}`;
  if (!isRaw) return turn.role;
  return turn.role === 'user' ? 'text' : 'completion';
}

function statisticsOf(turn: Turn): string {
  const { statistics } = turn;
  const parts = statistics
    ? [
        formatQuantity(statistics.tokens, 'token'),
        `${statistics.tokensPerSecond.toFixed(1)} tokens/s`,
        `first token ${formatDuration(statistics.timeToFirstTokenMs)}`,
        ...(statistics.loadMs === null ? [] : [`loaded in ${formatDuration(statistics.loadMs)}`]),
      ]
    : [];
  const ending = endings[turn.stopReason ?? ''];
  return [...parts, ...(ending ? [ending] : [])].join(' · ');
}

function statisticsInFull(turn: Turn): string {
  const { statistics } = turn;
  if (!statistics) return '';
  const perplexity = turn.tokens ? perplexityOf(turn.tokens) : null;
  return [
    `Prompt ${formatInteger(statistics.promptTokens)} tokens, ${formatInteger(statistics.reusedTokens)} of them known`,
    `${statistics.promptTokensPerSecond.toFixed(1)} prompt tokens/s`,
    ...(statistics.memoryBytes === null ? [] : [`memory ${formatDiskSize(statistics.memoryBytes)}`]),
    ...(perplexity === null ? [] : [`perplexity of the answer under the model ${perplexity.toFixed(2)}`]),
  ].join('\n');
}
