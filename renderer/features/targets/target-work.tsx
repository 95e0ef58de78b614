// The middle pane: how one target stands, its board while it is connected, and its partitions.
import type { Target } from '../../../core/api/targets.ts';
import { describeError } from '../../app/describe-error.ts';
import type { PaneProps } from '../../app/feature.ts';
import { href, navigate } from '../../app/route.ts';
import { useClient } from '../../app/session.ts';
import { notifyError } from '../../app/notifications.ts';
import { useTargets } from '../../app/target-feed.tsx';
import { useTimeText } from '../../app/use-now.ts';
import { Dot } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Pane, PaneHeader, Section } from '../../ui/pane.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Board } from './board.tsx';
import { connectionWords } from './connection-words.ts';
import { PartitionTable } from './partition-table.tsx';
import styles from './targets.module.css';
import { useConnectTarget } from './use-connect-target.ts';
import { useSiteProfile } from './use-site-profile.ts';

export function TargetWork({ argument }: PaneProps) {
  const targets = useTargets();
  if (targets === null) return <Skeleton label="Loading the target" />;
  const target = targets.find(({ name }) => name === argument);
  if (!target) {
    return (
      <Pane header={<PaneHeader title={argument ?? ''} />}>
        <EmptyState
          title={`There is no target ${argument ?? ''}`}
          actions={<Button onPress={() => navigate(href('targets'))}>All targets</Button>}
        >
          studio.yaml does not list it, or not in a way that can be understood.
        </EmptyState>
      </Pane>
    );
  }
  return <OneTarget key={target.name} target={target} />;
}

function OneTarget({ target }: { readonly target: Target }) {
  const client = useClient();
  const { connect, probe, isProbing, problem } = useConnectTarget();
  const profile = useSiteProfile(target.name);
  const { connection, name } = target;
  const isConnected = connection.kind === 'connected';
  const partitions = profile.data?.slurm?.partitions ?? [];
  const hasTrouble = connection.kind === 'disconnected' && connection.message !== null;
  const isNew = connection.kind === 'disconnected' && !hasTrouble && profile.data === null && !isProbing;
  const disconnect = () => void client.targets.disconnect({ name }).catch(notifyError);
  return (
    <Pane
      header={
        <PaneHeader
          title={name}
          detail={<Standing target={target} />}
          actions={
            <>
              {isConnected ? (
                <Button isDisabled={isProbing} onPress={() => void probe(name)}>
                  {isProbing ? 'Probing' : 'Probe again'}
                </Button>
              ) : null}
              {hasTrouble || isNew ? null : connection.kind === 'disconnected' ? (
                <Button onPress={() => void connect(name)}>Connect</Button>
              ) : (
                <Button onPress={disconnect}>
                  {connection.kind === 'connecting' ? 'Cancel' : 'Disconnect'}
                </Button>
              )}
            </>
          }
        />
      }
    >
      <Trouble target={target} onConnect={() => void connect(name)} />
      {problem ? (
        <div className={styles['padded']}>
          <ErrorState compact {...describeError(problem)} />
        </div>
      ) : null}
      {target.kind === 'slurm' && isConnected ? <Board target={target} /> : null}
      {partitions.length > 0 ? (
        <Section title="Partitions and what they allow">
          <PartitionTable partitions={partitions} />
        </Section>
      ) : isProbing ? (
        <Skeleton label="Looking at the site" rows={4} />
      ) : isNew ? (
        <EmptyState
          title="Not connected yet"
          actions={
            <Button kind="primary" onPress={() => void connect(name)}>
              Connect
            </Button>
          }
        >
          The first contact finds out what the site offers: partitions, limits, GPUs, accounts and programs.
        </EmptyState>
      ) : null}
    </Pane>
  );
}

function Standing({ target }: { readonly target: Target }) {
  const text = useTimeText(1_000, (nowMs) => connectionWords(target.connection, nowMs).text);
  const { tone } = connectionWords(target.connection, 0);
  return (
    <span className={styles['standing']}>
      <Dot tone={tone} />
      {text}
    </span>
  );
}

/** Why it is not connected, when something went wrong. */
function Trouble({ target, onConnect }: { readonly target: Target; readonly onConnect: () => void }) {
  const { connection } = target;
  if (connection.kind === 'lost') {
    return (
      <p className={styles['lost']} role="status">
        {connection.message}. {connection.hint}; jobs there go on meanwhile, and their logs are fetched
        afterwards.
      </p>
    );
  }
  if (connection.kind !== 'disconnected' || connection.message === null) return null;
  const hint = connection.hint ?? 'Connect again';
  return (
    <div className={styles['padded']}>
      <ErrorState
        compact
        title={connection.message}
        hint={hint}
        details={`${target.name} (${target.host ?? ''}): ${connection.message}. ${hint}`}
        actions={
          <Button kind="primary" onPress={onConnect}>
            Connect
          </Button>
        }
      />
    </div>
  );
}
