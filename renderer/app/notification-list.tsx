// The list of past notifications.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../ui/button.tsx';
import { formatAge } from '../ui/format.ts';
import { askForDesktop, canAskForDesktop } from './desktop-notification.ts';
import { NotificationBody } from './notification-toasts.tsx';
import { clearNotifications, markNotificationsRead, notificationStore } from './notifications.ts';
import styles from './notifications.module.css';
import { overlayStore } from './overlays.ts';
import { Sheet } from './sheet.tsx';
import { useNow } from './use-now.ts';

export function NotificationList() {
  const isOpen = useStore(overlayStore, ({ open }) => open === 'notifications');
  return isOpen ? <OpenList /> : null;
}

function OpenList() {
  const list = useStore(notificationStore, (state) => state.list);
  const nowMs = useNow(5_000);
  const [canAsk, setCanAsk] = useState(canAskForDesktop);
  useEffect(() => markNotificationsRead(), []);
  return (
    <Sheet
      title="Notifications"
      actions={
        <>
          {canAsk ? (
            <Button
              kind="quiet"
              onPress={() => void askForDesktop().then(() => setCanAsk(canAskForDesktop()))}
            >
              Show on the desktop too
            </Button>
          ) : null}
          {list.length > 0 ? (
            <Button kind="quiet" onPress={clearNotifications}>
              Clear
            </Button>
          ) : null}
        </>
      }
    >
      {list.length === 0 ? (
        <p className={styles['none']}>
          Nothing yet. Saves, finished runs and restarts of runtimes appear here.
        </p>
      ) : (
        list.map((entry) => (
          <div key={entry.id} className={styles['entry']}>
            <NotificationBody entry={entry} />
            <span className={styles['age']}>{formatAge(entry.atMs, nowMs)}</span>
          </div>
        ))
      )}
    </Sheet>
  );
}
