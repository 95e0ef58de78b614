// Toasts: they appear bottom right, are read aloud politely, never take the focus, and leave by themselves.
import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Dot, type Tone } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { hideNotification, type Notification, notificationStore, notifyError } from './notifications.ts';
import styles from './notifications.module.css';

const STAY_MS = 6_000;
/** What has a button or went wrong stays longer, so that one can read and act. */
const STAY_LONG_MS = 15_000;
const AT_ONCE = 3;

export const tones: Readonly<Record<Notification['severity'], Tone>> = {
  info: 'info',
  good: 'good',
  warning: 'warn',
  error: 'bad',
};

export function NotificationToasts() {
  const list = useStore(notificationStore, (state) => state.list);
  const shown = list
    .filter((entry) => entry.shown)
    .slice(0, AT_ONCE)
    .toReversed();
  return (
    <section className={styles['toasts']} aria-label="New notifications" aria-live="polite">
      {shown.map((entry) => (
        <Toast key={entry.id} entry={entry} />
      ))}
    </section>
  );
}

function Toast({ entry }: { readonly entry: Notification }) {
  const [isHeld, setHeld] = useState(false);
  const stayMs = entry.action || entry.severity === 'error' ? STAY_LONG_MS : STAY_MS;
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => hideNotification(entry.id), stayMs);
    return () => clearTimeout(timer);
  }, [entry.id, isHeld, stayMs]);
  return (
    // Pointer and focus only hold it on screen; its acts are the buttons inside.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      role="group"
      aria-label={entry.title}
      className={styles['toast']}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <NotificationBody entry={entry} />
      <IconButton
        icon={X}
        size="small"
        label={`Dismiss: ${entry.title}`}
        onPress={() => hideNotification(entry.id)}
      />
    </div>
  );
}

export function NotificationBody({ entry }: { readonly entry: Notification }) {
  const { action } = entry;
  const act = async () => {
    hideNotification(entry.id);
    try {
      await action?.perform();
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <>
      <span className={styles['dot']}>
        <Dot tone={tones[entry.severity]} label={entry.severity} />
      </span>
      <div className={styles['words']}>
        <strong>{entry.title}</strong>
        {entry.detail ? <span className={styles['detail']}>{entry.detail}</span> : null}
        {action ? (
          <span>
            <Button onPress={() => void act()}>{action.label}</Button>
          </span>
        ) : null}
      </div>
    </>
  );
}
