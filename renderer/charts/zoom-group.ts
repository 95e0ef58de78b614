// One range of x for several charts: whoever zooms, all follow. Lives outside React, so that panning renders nothing.
import type { Extent } from './chart-series.ts';

export interface ZoomGroup {
  /** Null shows everything. */
  readonly x: Extent | null;
  set(x: Extent | null): void;
  subscribe(listener: () => void): () => void;
}

export function createZoomGroup(): ZoomGroup {
  const listeners = new Set<() => void>();
  let x: Extent | null = null;
  return {
    get x() {
      return x;
    },
    set(next) {
      x = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
