// The status bar: the connection to core, targets, live runs and the age of the newest point, disk, memory.
import { Bell, ListChecks } from 'lucide-react';
import type { ReactNode } from 'react';
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
import { targetWords } from './target-words.ts';
import { useNow } from './use-now.ts';

/** Below this the disk is worth a warning: one checkpoint of a 0.4B model with its optimizer is 6 GB. */
const LOW_DISK_BYTES = 8e9;

export function StatusBar() {
  const status = useStore(systemStore, (state) => state.status);
  const nowMs = useNow(1_000);
  return (
    <footer className={styles['bar']} aria-label="Status">
      <CoreConnection nowMs={nowMs} />
      {status?.targets.map((target) => (
        <Target key={target.name} target={target} nowMs={nowMs} />
      ))}
      {status ? (
        <a className={styles['item']} href={href('runs')}>
          {status.runningJobs === 0 ? 'no live runs' : `${formatQuantity(status.runningJobs, 'run')} live`}
          {status.runningJobs > 0 && status.newestPointMs !== null ? (
            <span className={styles['quiet']}>newest point {formatAge(status.newestPointMs, nowMs)}</span>
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

/** Core runs on this computer, so being connected to it is the state of that target. */
function Target({
  target,
  nowMs,
}: {
  readonly target: StatusSnapshot['targets'][number];
  readonly nowMs: number;
}) {
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
      <a className={styles['item']} href={href('targets', target.name)} title={target.detail}>
        <Dot tone={tone} label={isConnected ? 'connected' : 'not connected'} />
        <span className={styles['name']}>{target.name}</span>
        <span className={styles['quiet']}>
          {isCoreThere ? targetWords(target, nowMs).join(' · ') : 'last known'}
        </span>
      </a>
    );
  }
  const since = isCoreThere
    ? `connected ${formatDuration(Math.max(1, Math.floor((nowMs - connection.sinceMs) / 1000)) * 1000)}`
    : 'last known';
  return (
    <span className={styles['item']} title={target.detail}>
      <Dot tone={isConnected ? 'good' : 'neutral'} label={isConnected ? 'connected' : 'not connected'} />
      {target.name}
      <span className={styles['quiet']}>{since}</span>
    </span>
  );
}

/** Only said when something is wrong. */
function CoreConnection({ nowMs }: { readonly nowMs: number }) {
  const connection = useConnection();
  if (connection.kind === 'connected') return null;
  const tone: Tone = connection.kind === 'lost' ? 'bad' : 'warn';
  return (
    <span className={`${styles['item']} ${styles['bad']}`}>
      <Dot tone={tone} />
      {connection.kind === 'lost' ? `connection lost ${formatAge(connection.sinceMs, nowMs)}` : 'connecting…'}
    </span>
  );
}

function Activities() {
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
}

function Notifications() {
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
}

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
