// Notifications: short messages that never take the focus, and their list. Drawn by notification-toasts.tsx.
import { createStore } from 'zustand/vanilla';
import { describeError, isAbort } from './describe-error.ts';

export interface NotificationAction {
  readonly label: string;
  perform(): void | Promise<void>;
}

export interface Notification {
  readonly id: string;
  readonly severity: 'info' | 'good' | 'warning' | 'error';
  readonly title: string;
  readonly detail: string | null;
  readonly atMs: number;
  /** Usually "Undo" or "Open". */
  readonly action: NotificationAction | null;
  /** Still on screen as a toast. */
  readonly shown: boolean;
  readonly read: boolean;
}

/** The list keeps this many; older ones are dropped. */
const LIST_LIMIT = 100;

export const notificationStore = createStore<{ readonly list: readonly Notification[] }>(() => ({
  list: [],
}));

/** Within this, the same words are the same event. */
const SAME_MS = 2000;

let counter = 0;

export function notify(message: {
  readonly severity: Notification['severity'];
  readonly title: string;
  readonly detail?: string | null;
  readonly action?: NotificationAction;
}): void {
  // The same again, while the first still stands there, says no more than the first: three processes that end at once are one message.
  const [last] = notificationStore.getState().list;
  const isSame = last?.title === message.title && last.detail === (message.detail ?? null);
  if (last?.shown && isSame && !message.action && Date.now() - last.atMs < SAME_MS) return;
  counter += 1;
  const notification: Notification = {
    id: `notification-${counter}`,
    severity: message.severity,
    title: message.title,
    detail: message.detail ?? null,
    atMs: Date.now(),
    action: message.action ?? null,
    shown: true,
    read: false,
  };
  notificationStore.setState(({ list }) => ({ list: [notification, ...list].slice(0, LIST_LIMIT) }));
}

/** For a failed act that has no place of its own on screen. Cancelled work is not reported. */
export function notifyError(error: unknown): void {
  if (isAbort(error)) return;
  const { title, hint, path } = describeError(error);
  notify({ severity: 'error', title, detail: path ? `${hint}\n${path}` : hint });
}

/** Takes the toast away; the list keeps the notification. */
export function hideNotification(id: string): void {
  notificationStore.setState(({ list }) => ({
    list: list.map((entry) => (entry.id === id ? { ...entry, shown: false } : entry)),
  }));
}

export function markNotificationsRead(): void {
  notificationStore.setState(({ list }) => ({
    list: list.map((entry) => ({ ...entry, read: true, shown: false })),
  }));
}

export function clearNotifications(): void {
  notificationStore.setState({ list: [] });
}
