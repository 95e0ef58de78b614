// Follows core's own events: status, long work, notices. The status bar and the panels read the store.
import { createStore } from 'zustand/vanilla';
import type { Activity, Notice, StatusSnapshot, SystemEvent } from '../../core/api/system.ts';
import { assertNever } from '../../core/lib/assert-never.ts';
import { showOnDesktop } from './desktop-notification.ts';
import { onBeat } from './live-beat.ts';
import { notify } from './notifications.ts';
import { useStream } from './use-stream.ts';

export interface SystemState {
  /** Null until core has said. */
  readonly status: StatusSnapshot | null;
  readonly activities: readonly Activity[];
}

export const systemStore = createStore<SystemState>(() => ({ status: null, activities: [] }));

/** Memory and the free disk change all the time; nobody reads them faster. */
const FIGURES_EVERY_MS = 2_000;

const severities = { info: 'info', warning: 'warning', error: 'error' } as const;

function apply(event: SystemEvent): void {
  switch (event.kind) {
    case 'status':
      return takeStatus(event.status);
    case 'activities':
      return systemStore.setState({ activities: event.activities });
    case 'notice':
      return post(event.notice);
    default:
      return assertNever(event);
  }
}

let newest: StatusSnapshot | null = null;

/** Targets and the number of runs are shown at once, figures that only moved with what else changes by itself. */
function takeStatus(status: StatusSnapshot): void {
  const shown = systemStore.getState().status;
  newest = status;
  if (shown === null || saysMore(shown, status)) showStatus();
  else onBeat(showStatus, FIGURES_EVERY_MS);
}

function saysMore(shown: StatusSnapshot, now: StatusSnapshot): boolean {
  return (
    shown.runningJobs !== now.runningJobs || JSON.stringify(shown.targets) !== JSON.stringify(now.targets)
  );
}

function showStatus(): void {
  systemStore.setState({ status: newest });
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
