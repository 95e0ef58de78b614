// Open sources shared by readers: two windows on one run read its files once. A source nobody reads is kept for a
// moment (the next call comes soon) and then released with its memory.
import { type OpenSource, openSource, type SourceFiles } from './source.ts';

/** A window that reloads finds its source still open. */
const LINGER_MS = 10_000;
/** Unread sources kept at once; beyond this the oldest goes at once. */
const MAX_LINGERING = 4;

export interface SourceLease {
  readonly source: OpenSource;
  /** Whether this lease opened the source: what is in the files has not been read yet. */
  readonly isFirst: boolean;
  [Symbol.dispose](): void;
}

export interface SourcePool {
  lease(key: string, files: SourceFiles): SourceLease;
  /** A lease of a source that is open already; null where it is not. */
  leaseOpen(key: string): SourceLease | null;
  readonly openCount: number;
  dispose(): Promise<void>;
}

interface Entry {
  readonly source: OpenSource;
  readers: number;
  timer: NodeJS.Timeout | undefined;
}

export function createSourcePool(lingerMs = LINGER_MS): SourcePool {
  const entries = new Map<string, Entry>();

  const release = (key: string) => {
    const entry = entries.get(key);
    if (!entry || entry.readers > 0) return;
    clearTimeout(entry.timer);
    entries.delete(key);
    void entry.source.close().catch(() => {});
  };
  const trim = () => {
    const unread = [...entries].filter(([, entry]) => entry.readers === 0);
    for (const [key] of unread.slice(0, Math.max(0, unread.length - MAX_LINGERING))) release(key);
  };

  const hold = (key: string, held: Entry, isFirst: boolean): SourceLease => {
    held.readers += 1;
    clearTimeout(held.timer);
    let isHeld = true;
    return {
      source: held.source,
      isFirst,
      [Symbol.dispose]() {
        if (!isHeld) return;
        isHeld = false;
        held.readers -= 1;
        if (held.readers > 0) return;
        // Newest last, so that trimming takes the oldest.
        entries.delete(key);
        entries.set(key, held);
        held.timer = setTimeout(() => release(key), lingerMs);
        held.timer.unref();
        trim();
      },
    };
  };

  return {
    get openCount() {
      return entries.size;
    },
    lease(key, files) {
      const open = entries.get(key);
      if (open) return hold(key, open, false);
      const entry = { source: openSource(files), readers: 0, timer: undefined };
      entries.set(key, entry);
      return hold(key, entry, true);
    },
    leaseOpen(key) {
      const open = entries.get(key);
      return open ? hold(key, open, false) : null;
    },
    async dispose() {
      const all = [...entries.values()];
      entries.clear();
      for (const entry of all) {
        clearTimeout(entry.timer);
        await entry.source.close();
      }
    },
  };
}
