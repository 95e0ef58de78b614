// The size of a pane inside a view, remembered with the workspace once the dragging is over.
import { useCallback, useEffect, useRef, useState } from 'react';
import { viewMemory } from '../../../app/view-state.ts';

/** A drag reports every frame; what is remembered is where it ended. */
const SETTLE_MS = 300;

/** The size to start with, and how to report a new one. A change draws nothing anew: the pane already has that size. */
export function useRememberedSize(
  key: string,
  initialPx: number,
): readonly [number, (sizePx: number) => void] {
  const [startPx] = useState(() => {
    const stored = viewMemory.getState().values[key];
    return typeof stored === 'number' && stored > 0 ? stored : initialPx;
  });
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const remember = useCallback(
    (sizePx: number) => {
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => {
        viewMemory.setState(({ values }) => ({ values: { ...values, [key]: Math.round(sizePx) } }));
      }, SETTLE_MS);
    },
    [key],
  );
  return [startPx, remember];
}
