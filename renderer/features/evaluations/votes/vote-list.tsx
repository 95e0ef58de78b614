// The part of the left pane that lists blind votes.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { VoteEntry } from '../../../../core/api/votes.ts';
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { notify, notifyError } from '../../../app/notifications.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { ConfirmDialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import { ListView } from '../../../ui/list-view.tsx';
import { Section } from '../../../ui/pane.tsx';
import { TwoLineRow } from '../../../ui/two-line-row.tsx';
import styles from './votes.module.css';
import { useVotes, voteHref, votesKey } from './use-votes.ts';

export function VoteListSection({ name }: PaneProps & { readonly name: string | null }) {
  const client = useClient();
  const queries = useQueryClient();
  const votes = useVotes();
  const [asked, setAsked] = useState<string | null>(null);
  const remove = async (vote: string) => {
    try {
      await client.votes.remove({ vote });
      await queries.invalidateQueries({ queryKey: votesKey });
      if (vote === name) navigate(href('evaluations'), { replace: true });
      notify({
        severity: 'info',
        title: `Vote ${vote} moved to the trash`,
        detail: 'It lies in .studio/trash',
      });
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <Section title="Blind votes" aside={votes.data ? formatInteger(votes.data.length) : ''}>
      {votes.error ? <ErrorState compact {...describeError(votes.error)} /> : null}
      {votes.data ? (
        <ListView
          label="Blind votes"
          items={votes.data}
          idOf={(entry) => entry.vote}
          textOf={(entry) => (entry.kind === 'vote' ? entry.name : entry.vote)}
          selectedId={name}
          onOpen={(vote) => navigate(voteHref(vote))}
          hrefOf={(entry) => voteHref(entry.vote)}
          onDelete={setAsked}
          rowHeightPx={46}
          renderItem={(entry) => <VoteRow entry={entry} />}
          empty={<p className={styles['empty']}>No vote yet</p>}
        />
      ) : null}
      <ConfirmDialog
        title={`Remove the vote ${asked ?? ''}?`}
        verb="Remove vote"
        isOpen={asked !== null}
        onConfirm={async () => {
          if (asked !== null) await remove(asked);
          setAsked(null);
        }}
        onClose={() => setAsked(null)}
      >
        Its answers and everybody’s choices move to the trash of the workspace.
      </ConfirmDialog>
    </Section>
  );
}

function VoteRow({ entry }: { readonly entry: VoteEntry }) {
  if (entry.kind === 'problem') return <TwoLineRow name={entry.vote} detail={entry.problem} isProblem />;
  const { progress, unblinded } = entry;
  const state =
    unblinded !== null
      ? 'ended'
      : progress.waiting > 0
        ? `${formatInteger(progress.waiting)} of ${formatInteger(progress.items)} wait for answers`
        : formatQuantity(progress.ready, 'item');
  return (
    <TwoLineRow name={entry.name} detail={`${state} · ${formatQuantity(progress.voters.length, 'voter')}`} />
  );
}
