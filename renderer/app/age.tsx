// How long ago something was, as it is read: goes on while it stands on screen.
import { formatAge } from '../ui/format.ts';
import { useTimeText } from './use-now.ts';

/** With the ages of the status bar, in one frame. */
const TICK_MS = 2_000;

/** `before`: the words in front of it, such as `looked`. */
export function Age({ atMs, before = '' }: { readonly atMs: number; readonly before?: string }) {
  return <>{useTimeText(TICK_MS, (nowMs) => `${before} ${formatAge(atMs, nowMs)}`.trim())}</>;
}
