// The status bar: the connection to core, targets, live runs and the age of the newest point, disk, memory.
import { Bell, ListChecks } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useStore } from 'zustand';
import type { StatusSnapshot } from '../../core/api/system.ts';
import { type Tone, Dot } from '../ui/badge.tsx';
import { formatAge, formatDiskSize, formatDuration, formatQuantity } from '../ui/format.ts';
import { WithTooltip } from '../ui/tooltip.tsx';
import { notificationStore } from './notifications.ts';
import { toggleOverlay } from './overlays.ts';
import { href } from './route.ts';
import { useConnection } from './session.ts';
import styles from './status-bar.module.css';
import { systemStore } from './system-feed.tsx';
import { useSshQuestions } from './target-feed.tsx';
import { targetTitle, targetWords } from './target-words.ts';
import { useTimeText } from './use-now.ts';

/** Below this the disk is worth a warning: one checkpoint of a 0.4B model with its optimizer is 6 GB. */
const LOW_DISK_BYTES = 8e9;
/** Ages at the edge of the window: each step is a frame of the whole window, also of one that nobody looks at. */
const TICK_MS = 2_000;

export function StatusBar() {
  const status = useStore(systemStore, (state) => state.status);
  return (
    <footer className={styles['bar']} aria-label="Status">
      <CoreConnection />
      {status?.targets.map((target) => (
        <Target key={target.name} target={target} />
      ))}
      {status ? (
        <a className={styles['item']} href={href('runs')}>
          {status.runningJobs === 0 ? 'no live runs' : `${formatQuantity(status.runningJobs, 'run')} live`}
          {status.runningJobs > 0 && status.newestPointMs !== null ? (
            <NewestPoint atMs={status.newestPointMs} />
          ) : null}
        </a>
      ) : null}
      <span className={styles['spring']} />
      <Activities />
      {status && status.diskFreeBytes !== null ? (
        <span
          className={`${styles['item']} ${status.diskFreeBytes < LOW_DISK_BYTES ? styles['warn'] : ''}`}
          title="Free on the disk of the workspace"
        >
          {formatDiskSize(status.diskFreeBytes)} free
        </span>
      ) : null}
      {status ? (
        <span
          className={styles['item']}
          title={`Core ${formatDiskSize(status.coreMemoryBytes)}, native runtimes ${formatDiskSize(status.childMemoryBytes)}`}
        >
          memory {formatDiskSize(status.coreMemoryBytes + status.childMemoryBytes)}
        </span>
      ) : null}
      <Notifications />
    </footer>
  );
}

function NewestPoint({ atMs }: { readonly atMs: number }) {
  const age = useTimeText(TICK_MS, (nowMs) => formatAge(atMs, nowMs));
  return <span className={styles['quiet']}>newest point {age}</span>;
}

/** Core runs on this computer, so being connected to it is the state of that target. */
function Target({ target }: { readonly target: StatusSnapshot['targets'][number] }) {
  const connection = useConnection();
  const isCoreThere = connection.kind === 'connected';
  const isConnected = target.connected && isCoreThere;
  if (target.kind !== 'local') {
    const tone: Tone = isConnected
      ? 'good'
      : target.retryMs !== null || target.needsPerson
        ? 'warn'
        : 'neutral';
    return (
      <a className={styles['item']} href={href('targets', target.name)} title={targetTitle(target)}>
        <Dot tone={tone} label={isConnected ? 'connected' : 'not connected'} />
        <span className={styles['name']}>{target.name}</span>
        {isCoreThere ? <TargetWords target={target} /> : <span className={styles['quiet']}>last known</span>}
      </a>
    );
  }
  return (
    <span className={styles['item']} title={target.detail}>
      <Dot tone={isConnected ? 'good' : 'neutral'} label={isConnected ? 'connected' : 'not connected'} />
      {target.name}
      {isCoreThere ? (
        <ConnectedFor sinceMs={connection.sinceMs} />
      ) : (
        <span className={styles['quiet']}>last known</span>
      )}
    </span>
  );
}

function TargetWords({ target }: { readonly target: StatusSnapshot['targets'][number] }) {
  const isAsked = useSshQuestions().some((question) => question.target === target.name);
  const words = useTimeText(TICK_MS, (nowMs) => targetWords(target, nowMs, isAsked).join(' · '));
  return <span className={styles['quiet']}>{words}</span>;
}

function ConnectedFor({ sinceMs }: { readonly sinceMs: number }) {
  const duration = useTimeText(TICK_MS, (nowMs) =>
    formatDuration(Math.max(1, Math.floor((nowMs - sinceMs) / 1000)) * 1000),
  );
  return <span className={styles['quiet']}>connected {duration}</span>;
}

/** Only said when something is wrong. */
function CoreConnection() {
  const connection = useConnection();
  if (connection.kind === 'connected') return null;
  return (
    <span className={`${styles['item']} ${styles['bad']}`}>
      <Dot tone={connection.kind === 'lost' ? 'bad' : 'warn'} />
      {connection.kind === 'lost' ? <LostFor sinceMs={connection.sinceMs} /> : 'connecting…'}
    </span>
  );
}

function LostFor({ sinceMs }: { readonly sinceMs: number }) {
  return <>connection lost {useTimeText(TICK_MS, (nowMs) => formatAge(sinceMs, nowMs))}</>;
}

/** Drawn for its own changes alone: numbers beside it change every other second. */
const Activities = memo(function Activities() {
  const running = useStore(
    systemStore,
    ({ activities }) => activities.filter(({ state }) => state === 'running').length,
  );
  return (
    <StatusButton
      label="Activities"
      tooltip={running === 0 ? 'No long work is running' : 'Long work: rate, time left, cancel'}
      onPress={() => toggleOverlay('activities')}
    >
      <ListChecks size={14} strokeWidth={1.75} aria-hidden />
      {running > 0 ? running : null}
    </StatusButton>
  );
});

const Notifications = memo(function Notifications() {
  const unread = useStore(notificationStore, ({ list }) => list.filter(({ read }) => !read).length);
  return (
    <StatusButton
      label={unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`}
      tooltip="Notifications"
      onPress={() => toggleOverlay('notifications')}
    >
      <Bell size={14} strokeWidth={1.75} aria-hidden />
      {unread > 0 ? unread : null}
    </StatusButton>
  );
});

function StatusButton({
  label,
  tooltip,
  onPress,
  children,
}: {
  readonly label: string;
  readonly tooltip: string;
  readonly onPress: () => void;
  readonly children: ReactNode;
}) {
  return (
    <WithTooltip text={tooltip} placement="top">
      <Button aria-label={label} className={styles['button'] ?? ''} onPress={onPress}>
        {children}
      </Button>
    </WithTooltip>
  );
}
