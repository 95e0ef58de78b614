// The middle pane of a blind vote: its answers being made, who one is, one pair of answers at a time, or the result.
import { Vote as VoteIcon } from 'lucide-react';
import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { VoteSummary } from '../../../../core/api/votes.ts';
import { slugOf } from '../../../../core/lib/text/slug.ts';
import { voterName } from '../../../../core/lib/votes/vote.ts';
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { notifyError } from '../../../app/notifications.ts';
import { navigate } from '../../../app/route.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/dialog.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { BallotView } from './ballot-view.tsx';
import { Preparation } from './preparation.tsx';
import { placeOf, useVote, useVoter, voteHref, votesKey } from './use-votes.ts';
import { VoteAction } from './vote-action.tsx';
import { VoteResultView } from './vote-result-view.tsx';
import styles from './votes.module.css';

export function VoteWork({ name, query }: PaneProps & { readonly name: string | null }) {
  if (name === null) {
    return (
      <Pane header={<PaneHeader title="Blind votes" />}>
        <EmptyState icon={VoteIcon} title="Which answer is better?" actions={<VoteAction />}>
          Two models answer the same prompts. People choose without knowing whose answer is whose; a sign test
          then says whether the difference is more than chance.
        </EmptyState>
      </Pane>
    );
  }
  return <OpenVote key={name} name={name} query={query} />;
}

function OpenVote({ name, query }: { readonly name: string; readonly query: URLSearchParams }) {
  const vote = useVote(name);
  const summary = vote.data;
  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title={summary?.name ?? name}
          detail={summary ? summary.sides.map(({ label }) => label).join(' and ') : ''}
        />
      }
    >
      {summary ? (
        <Open summary={summary} query={query} />
      ) : vote.error ? (
        <ErrorState {...describeError(vote.error)} />
      ) : (
        <Skeleton label="Reading the vote" />
      )}
    </Pane>
  );
}

function Open({ summary, query }: { readonly summary: VoteSummary; readonly query: URLSearchParams }) {
  const [voter, setVoter] = useVoter();
  const [isChanging, setChanging] = useState(false);
  const { vote, progress, unblinded } = summary;
  if (unblinded !== null) return <VoteResultView summary={summary} />;
  const choose = (chosen: string) => {
    setVoter(chosen);
    setChanging(false);
    navigate(voteHref(vote), { replace: true });
  };
  return (
    <div className={styles['stack']}>
      {progress.waiting > 0 ? <Preparation summary={summary} /> : null}
      {progress.ready === 0 ? (
        progress.waiting > 0 ? null : (
          <EmptyState title="Both models gave the same answer to every prompt">
            There is nothing to vote on. Choose models that differ more, or other prompts.
          </EmptyState>
        )
      ) : voter === '' || isChanging ? (
        <WhoVotes summary={summary} current={voter} onChoose={choose} />
      ) : (
        <>
          <div className={styles['bar']}>
            <span className={styles['who']}>
              as <strong>{voter}</strong>
            </span>
            <Button kind="quiet" onPress={() => setChanging(true)}>
              Change…
            </Button>
            <span className={styles['spring']} />
            <EndBlindness summary={summary} voter={voter} />
          </div>
          <BallotView key={voter} summary={summary} voter={voter} at={placeOf(query)} />
        </>
      )}
    </div>
  );
}

function WhoVotes(props: {
  readonly summary: VoteSummary;
  readonly current: string;
  readonly onChoose: (voter: string) => void;
}) {
  const { summary, current, onChoose } = props;
  const [name, setName] = useState(current);
  const id = voterName.safeParse(slugOf(name)?.slice(0, 64)).data ?? null;
  const choose = () => {
    if (id !== null) onChoose(id);
  };
  return (
    <div className={styles['asks']}>
      <h2>Who is voting?</h2>
      <TextField
        label="Your name"
        value={name}
        onChange={setName}
        onSubmit={choose}
        autoFocus
        hint={id === null ? 'Letters and digits' : `Your choices go to votes/${summary.vote}/${id}.jsonl`}
      />
      <Button kind="primary" isDisabled={id === null} onPress={choose}>
        Start voting
      </Button>
      {summary.progress.voters.length > 0 ? (
        <div className={styles['before']}>
          <span>Or go on as</span>
          {summary.progress.voters.map(({ voter, decided }) => (
            <Button key={voter} onPress={() => onChoose(voter)}>
              {`${voter} · ${formatQuantity(decided, 'choice')}`}
            </Button>
          ))}
        </div>
      ) : null}
    </div>
  );
}

function EndBlindness({ summary, voter }: { readonly summary: VoteSummary; readonly voter: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const { readOnly } = useWorkspace();
  const [isAsking, setAsking] = useState(false);
  const { voters, ready } = summary.progress;
  const decided = voters.reduce((sum, one) => sum + one.decided, 0);
  const end = async () => {
    setAsking(false);
    try {
      await client.votes.unblind({ vote: summary.vote, voter });
      await queries.invalidateQueries({ queryKey: votesKey });
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <>
      <Button isDisabled={readOnly || decided === 0} onPress={() => setAsking(true)}>
        Show the result…
      </Button>
      <ConfirmDialog
        title="End the voting?"
        verb="End and show the result"
        isOpen={isAsking}
        onConfirm={end}
        onClose={() => setAsking(false)}
      >
        <p>
          {`${formatQuantity(decided, 'choice')} of ${formatQuantity(voters.length, 'voter')} on ${formatQuantity(ready, 'item')} so far. Once it is known whose answer is whose, nobody can vote any more.`}
        </p>
      </ConfirmDialog>
    </>
  );
}
