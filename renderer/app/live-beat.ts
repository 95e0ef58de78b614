// When what goes on by itself is drawn: together, on one beat of the window. A point, the line that came with it and the age beside it
// are one frame instead of four. Knows nothing of who draws.

/** A point in a file is on the screen within two seconds: this is what drawing together may take of them. */
const BEAT_MS = 500;

const due = new Map<() => void, number>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Calls `work` once, at the next multiple of `everyMs`, with all that is due then. Returns how to call it off. */
export function onBeat(work: () => void, everyMs: number = BEAT_MS): () => void {
  const nowMs = performance.now();
  if (!due.has(work)) due.set(work, (Math.floor(nowMs / everyMs) + 1) * everyMs);
  plan();
  return () => void due.delete(work);
}

function plan(): void {
  clearTimeout(timer);
  timer = undefined;
  if (due.size > 0) timer = setTimeout(beat, Math.max(0, Math.min(...due.values()) - performance.now()));
}

function beat(): void {
  // A timer may be early by less than a millisecond.
  const nowMs = performance.now() + 1;
  const now = [...due].filter(([, atMs]) => atMs <= nowMs).map(([work]) => work);
  for (const work of now) due.delete(work);
  plan();
  for (const work of now) work();
}
