// The time, for ages that count on screen. All users of the same interval tick together, and nothing ticks while the page is hidden.
import { onBeat } from './live-beat.ts';
import { useCallback, useState, useEffect, useSyncExternalStore } from 'react';

interface Clock {
  subscribe(listener: () => void): () => void;
}

const clocks = new Map<number, Clock>();

function clockOf(intervalMs: number): Clock {
  const known = clocks.get(intervalMs);
  if (known) return known;
  const listeners = new Set<() => void>();
  let stop: (() => void) | undefined;
  const tick = (): void => {
    stop = onBeat(tick, intervalMs);
    if (!document.hidden) for (const listener of Array.from(listeners)) listener();
  };
  const clock: Clock = {
    subscribe(listener) {
      listeners.add(listener);
      stop ??= onBeat(tick, intervalMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
  clocks.set(intervalMs, clock);
  return clock;
}

/** Draws its component again at every tick; `useTimeText` where only words follow from the time. */
export function useNow(intervalMs: number): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => clockOf(intervalMs).subscribe(() => setNowMs(Date.now())), [intervalMs]);
  return nowMs;
}

/** What `textOf` says now; its component is drawn again only when that changes: ages of hours cost nothing. */
export function useTimeText(intervalMs: number, textOf: (nowMs: number) => string): string {
  const subscribe = useCallback(
    (listener: () => void) => clockOf(intervalMs).subscribe(listener),
    [intervalMs],
  );
  return useSyncExternalStore(subscribe, () => textOf(Date.now()));
}
