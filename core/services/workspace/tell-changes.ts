// When changes of a workspace are told: a burst as one, a file that grows line by line not at every line. Knows paths, not files.
import type { SignalBus } from '../signal-bus.ts';

/** One burst of changes (a git checkout, an unpacked archive) becomes one event. */
const COALESCE_MS = 100;
/** While changes go on, they are told this often. */
const BUSY_COALESCE_MS = 400;
/** A file that changes again and again is told of at once, then this often. */
const REPEAT_MS = 1_000;

export interface ChangeTeller {
  /** Something was heard: `settle` is called before the next telling. */
  wake(): void;
  /** A path that is new, other or gone. */
  note(path: string): void;
  close(): void;
}

/** `settle` looks at what was heard, and notes what is other than before. */
export function tellChanges(
  changes: SignalBus<readonly string[]>,
  settle: () => Promise<void>,
): ChangeTeller {
  let waiting = new Set<string>();
  /** When each path was told of; only of the last moment. */
  let toldMs = new Map<string, number>();
  let lastMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const tell = (): void => {
    const nowMs = performance.now();
    toldMs = new Map([...toldMs].filter(([, atMs]) => nowMs - atMs < REPEAT_MS));
    const paths = [...waiting].filter((path) => !toldMs.has(path)).sort();
    waiting = new Set([...waiting].filter((path) => toldMs.has(path)));
    for (const path of paths) toldMs.set(path, nowMs);
    if (waiting.size > 0) plan(REPEAT_MS);
    if (paths.length === 0) return;
    lastMs = nowMs;
    changes.emit(paths);
  };
  const plan = (waitMs: number): void => {
    if (isClosed) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void settle()
        .catch(() => undefined)
        .then(() => {
          if (!isClosed) tell();
        });
    }, waitMs);
  };
  const wake = (): void =>
    plan(performance.now() - lastMs < BUSY_COALESCE_MS ? BUSY_COALESCE_MS : COALESCE_MS);
  return {
    wake,
    note(path) {
      waiting.add(path);
      wake();
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
