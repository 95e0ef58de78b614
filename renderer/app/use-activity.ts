// Long work of core by what it works at: a view that comes back after a reload, or a second window, finds what goes on.
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Activity } from '../../core/api/system.ts';
import { systemStore } from './system-feed.tsx';

/** The one that runs under the key, else null. `onChange` is called when it began, got further, or ended. */
export function useActivity(key: string | null, onChange: (isRunning: boolean) => void): Activity | null {
  const activity = useStore(
    systemStore,
    ({ activities }) =>
      activities.find((one) => key !== null && one.key === key && one.state === 'running') ?? null,
  );
  const told = useRef(onChange);
  useEffect(() => {
    told.current = onChange;
  });
  const step = activity === null ? null : `${activity.id} ${activity.done}`;
  const before = useRef(step);
  useEffect(() => {
    if (before.current === step) return;
    before.current = step;
    told.current(step !== null);
  }, [step]);
  return activity;
}
