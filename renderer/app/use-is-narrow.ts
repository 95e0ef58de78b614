// Whether the window is too narrow for three panes beside each other.
import { useSyncExternalStore } from 'react';

/** Below this the inspector becomes a drawer. */
const NARROW_BELOW_PX = 1_100;
const query = matchMedia(`(max-width: ${NARROW_BELOW_PX - 1}px)`);

export function isNarrowNow(): boolean {
  return query.matches;
}

export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, isNarrowNow);
}

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
