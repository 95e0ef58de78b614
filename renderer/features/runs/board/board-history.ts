// The steps a dashboard has gone through in this window, for undo and redo. Pure.
import type { Dashboard } from '../../../../core/lib/dashboards/dashboard.ts';

export interface BoardHistory {
  readonly past: readonly Dashboard[];
  readonly future: readonly Dashboard[];
}

export const noHistory: BoardHistory = { past: [], future: [] };

/** More steps than anybody goes back. */
const MAX_STEPS = 100;

export function recorded(history: BoardHistory, before: Dashboard): BoardHistory {
  return { past: [...history.past, before].slice(-MAX_STEPS), future: [] };
}

/** The dashboard one step back, and the history then; null at the beginning. */
export function undone(
  { past, future }: BoardHistory,
  now: Dashboard,
): { readonly board: Dashboard; readonly history: BoardHistory } | null {
  const board = past.at(-1);
  return board ? { board, history: { past: past.slice(0, -1), future: [now, ...future] } } : null;
}

export function redone(
  { past, future }: BoardHistory,
  now: Dashboard,
): { readonly board: Dashboard; readonly history: BoardHistory } | null {
  const [board, ...rest] = future;
  return board ? { board, history: { past: [...past, now], future: rest } } : null;
}
