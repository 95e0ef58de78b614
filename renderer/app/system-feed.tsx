// Follows core's own events: status, long work, notices. The status bar and the panels read the store.
import { createStore } from 'zustand/vanilla';
import type { Activity, Notice, StatusSnapshot, SystemEvent } from '../../core/api/system.ts';
import { assertNever } from '../../core/lib/assert-never.ts';
import { showOnDesktop } from './desktop-notification.ts';
import { notify } from './notifications.ts';
import { useStream } from './use-stream.ts';

export interface SystemState {
  /** Null until core has said. */
  readonly status: StatusSnapshot | null;
  readonly activities: readonly Activity[];
}

export const systemStore = createStore<SystemState>(() => ({ status: null, activities: [] }));

const severities = { info: 'info', warning: 'warning', error: 'error' } as const;

function apply(event: SystemEvent): void {
  switch (event.kind) {
    case 'status':
      return systemStore.setState({ status: event.status });
    case 'activities':
      return systemStore.setState({ activities: event.activities });
    case 'notice':
      return post(event.notice);
    default:
      return assertNever(event);
  }
}

function post(notice: Notice): void {
  notify({ severity: severities[notice.severity], title: notice.title, detail: notice.detail });
  if (notice.severity !== 'info') showOnDesktop(notice.title, notice.detail, notice.id);
}

export function SystemFeed() {
  useStream<SystemEvent>({
    key: 'system',
    open: (client, signal) => client.system.events(undefined, { signal }),
    onItem: apply,
  });
  return null;
}
