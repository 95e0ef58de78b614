// Long work in core: a bar with rate and time left for each, cancellable; what just ended stays a moment.
import { useStore } from 'zustand';
import type { Activity } from '../../core/api/system.ts';
import { Dot } from '../ui/badge.tsx';
import { formatCount, formatDiskSize } from '../ui/format.ts';
import { Progress } from '../ui/progress.tsx';
import { notifyError } from './notifications.ts';
import styles from './notifications.module.css';
import { overlayStore } from './overlays.ts';
import { useClient } from './session.ts';
import { Sheet } from './sheet.tsx';
import { systemStore } from './system-feed.tsx';

export function ActivityPanel() {
  const isOpen = useStore(overlayStore, ({ open }) => open === 'activities');
  const activities = useStore(systemStore, (state) => state.activities);
  if (!isOpen) return null;
  return (
    <Sheet title="Long work">
      {activities.length === 0 ? (
        <p className={styles['none']}>
          Nothing is running. Indexing, loading and copying appear here, with their rate and time left.
        </p>
      ) : (
        activities.map((activity) => <Entry key={activity.id} activity={activity} />)
      )}
    </Sheet>
  );
}

function Entry({ activity }: { readonly activity: Activity }) {
  const client = useClient();
  if (activity.state !== 'running') return <Ended activity={activity} />;
  const { title, done, total, unit, ratePerSecond, secondsLeft } = activity;
  const amount =
    total === null ? amountOf(done, unit) : `${amountOf(done, unit)} of ${amountOf(total, unit)}`;
  return (
    <div className={styles['activity']}>
      <Progress
        label={title}
        fraction={total === null || total === 0 ? null : done / total}
        amount={amount}
        rate={ratePerSecond === null ? null : `${amountOf(ratePerSecond, unit)}/s`}
        secondsLeft={secondsLeft}
        {...(activity.cancellable
          ? { onCancel: () => void client.system.cancelActivity({ id: activity.id }).catch(notifyError) }
          : {})}
      />
    </div>
  );
}

const endings = {
  done: { tone: 'good', word: 'done' },
  failed: { tone: 'bad', word: 'failed' },
  cancelled: { tone: 'neutral', word: 'cancelled' },
} as const;

function Ended({ activity }: { readonly activity: Activity }) {
  if (activity.state === 'running') return null;
  const { tone, word } = endings[activity.state];
  return (
    <div className={styles['activity']}>
      <div className={styles['line']}>
        <span>
          <Dot tone={tone} /> {activity.title}
        </span>
        <span className={styles['age']}>{word}</span>
      </div>
      {activity.message ? <p className={styles['detail']}>{activity.message}</p> : null}
    </div>
  );
}

function amountOf(value: number, unit: string): string {
  return unit === 'bytes' || unit === 'B' ? formatDiskSize(value) : `${formatCount(value)} ${unit}`;
}
