// One prompt with two answers, and the keys to choose: 1 left, 2 right, 0 tie, S skips, arrows go back and forth. Nothing here says
// whose answer is whose.
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import type { Ballot, VoteSummary } from '../../../../core/api/votes.ts';
import type { VoteAnswer, VoteChoice } from '../../../../core/lib/votes/vote.ts';
import { type Command, useCommands } from '../../../app/commands.ts';
import { describeError } from '../../../app/describe-error.ts';
import { navigate } from '../../../app/route.ts';
import { useWorkspace } from '../../../app/session.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import { KeyHint } from '../../../ui/key-hint.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import styles from './ballot-view.module.css';
import { useBallot } from './use-ballot.ts';
import { voteHref } from './use-votes.ts';

const choices: readonly { readonly id: VoteChoice; readonly title: string; readonly keys: string }[] = [
  { id: 'left', title: 'Left is better', keys: '1' },
  { id: 'right', title: 'Right is better', keys: '2' },
  { id: 'tie', title: 'Tie', keys: '0' },
  { id: 'skip', title: 'Skip', keys: 'S' },
];

/** Where digits, letters and arrows already mean something else. */
const TAKEN = '[role="dialog"], [role="listbox"], [role="menu"], [role="radiogroup"], [role="separator"]';
const isOutside = () => document.activeElement?.closest(TAKEN) == null;

export function BallotView(props: {
  readonly summary: VoteSummary;
  readonly voter: string;
  readonly at: number | 'done' | null;
}) {
  const { summary, voter, at } = props;
  const { vote, progress } = summary;
  const desk = useBallot({ vote, voter, at });
  const { readOnly } = useWorkspace();
  const { ballot } = desk;
  const frame = useRef<HTMLDivElement>(null);
  const act = useRef(desk.choose);
  useEffect(() => {
    act.current = desk.choose;
  });
  useEffect(() => {
    frame.current?.scrollTo(0, 0);
    if (document.activeElement === document.body) frame.current?.focus({ preventScroll: true });
  }, [at]);
  const canVote = ballot?.state === 'ready' && !desk.isStale && !readOnly;
  const place = typeof at === 'number' ? at : null;
  useCommands(
    useMemo((): readonly Command[] => {
      const step = (id: string, title: string, keys: string, target: number | null): Command => ({
        id: `evaluations.vote.${id}`,
        title,
        keys,
        group: 'Blind vote',
        when: () => target !== null && target >= 0 && target < progress.items && isOutside(),
        perform: () => navigate(voteHref(vote, target)),
      });
      return [
        ...choices.map(
          ({ id, title, keys }): Command => ({
            id: `evaluations.vote.${id}`,
            title,
            keys,
            group: 'Blind vote',
            when: () => canVote && isOutside(),
            perform: () => act.current(id),
          }),
        ),
        step('previous', 'Previous item', 'ArrowLeft', place === null ? null : place - 1),
        step('next', 'Next item', 'ArrowRight', place === null ? null : place + 1),
      ];
    }, [canVote, place, progress.items, vote]),
  );
  const own = progress.voters.find((one) => one.voter === voter);
  const decided = own?.decided ?? 0;
  return (
    <section className={styles['desk']} aria-label="Voting">
      <div
        className={styles['track']}
        role="progressbar"
        aria-label="Your progress"
        aria-valuemin={0}
        aria-valuemax={progress.ready}
        aria-valuenow={decided}
      >
        <div
          className={styles['done']}
          style={{ width: `${(100 * decided) / Math.max(1, progress.ready)}%` }}
        />
      </div>
      {desk.failure ? <ErrorState compact {...describeError(desk.failure)} /> : null}
      {/* Long answers scroll with the keyboard only where the frame can have the focus. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={frame} className={styles['scroll']} role="group" aria-label="Prompt and answers" tabIndex={0}>
        {at === 'done' ? (
          <EmptyState
            title="Nothing left for you to vote on"
            actions={<Button onPress={() => navigate(voteHref(vote, 0))}>First item</Button>}
          >
            {`You decided ${formatInteger(decided)} of ${formatQuantity(progress.ready, 'item')}. Arrow keys go back to change a choice.`}
          </EmptyState>
        ) : desk.error ? (
          <ErrorState {...describeError(desk.error)} />
        ) : ballot ? (
          <Pair ballot={ballot} isStale={desk.isStale} decided={decided} ready={progress.ready} />
        ) : (
          <Skeleton label="Reading the answers" rows={8} />
        )}
      </div>
      {ballot && at !== 'done' ? (
        <div className={styles['choices']}>
          <IconButton
            icon={ChevronLeft}
            label="Previous item"
            keys="ArrowLeft"
            isDisabled={ballot.position <= 0}
            onPress={() => navigate(voteHref(vote, ballot.position - 1))}
          />
          {choices.map(({ id, title, keys }) => (
            <ToggleButton
              key={id}
              className={styles['choice'] ?? ''}
              isSelected={ballot.mine === id}
              isDisabled={!canVote}
              onPress={() => desk.choose(id)}
            >
              {title} <KeyHint keys={keys} />
            </ToggleButton>
          ))}
          <IconButton
            icon={ChevronRight}
            label="Next item"
            keys="ArrowRight"
            isDisabled={ballot.position >= ballot.items - 1}
            onPress={() => navigate(voteHref(vote, ballot.position + 1))}
          />
        </div>
      ) : null}
    </section>
  );
}

function Pair(props: {
  readonly ballot: Ballot;
  readonly isStale: boolean;
  readonly decided: number;
  readonly ready: number;
}) {
  const { ballot, isStale, decided, ready } = props;
  const state =
    ballot.state === 'same'
      ? 'both gave the same answer'
      : ballot.state === 'waiting'
        ? 'the answers are not made yet'
        : `${formatInteger(decided)} of ${formatInteger(ready)} decided by you`;
  return (
    <article className={styles['inner']} data-stale={isStale || undefined}>
      <p className={styles['place']} aria-live="polite">
        {`Item ${formatInteger(ballot.position + 1)} of ${formatInteger(ballot.items)} · ${state}`}
      </p>
      <div className={styles['prompt']}>
        {ballot.messages.map(({ role, text }, index) => (
          // Messages of a prompt never move.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index} className={styles['message']} data-role={role}>
            {role === 'user' ? null : <span className={styles['role']}>{role}</span>}
            {text}
          </div>
        ))}
      </div>
      <div className={styles['answers']}>
        <Answer title="Left" answer={ballot.left} isChosen={ballot.mine === 'left'} />
        <Answer title="Right" answer={ballot.right} isChosen={ballot.mine === 'right'} />
      </div>
    </article>
  );
}

function Answer(props: {
  readonly title: string;
  readonly answer: VoteAnswer | null;
  readonly isChosen: boolean;
}) {
  const { title, answer, isChosen } = props;
  return (
    <section className={styles['answer']} data-chosen={isChosen || undefined} aria-label={`${title} answer`}>
      <h3>{title}</h3>
      {answer === null ? (
        <p className={styles['none']}>Not made yet</p>
      ) : answer.text.trim() === '' ? (
        <p className={styles['none']}>Empty answer</p>
      ) : (
        <div className={styles['text']}>{answer.text}</div>
      )}
    </section>
  );
}
