// Whether a lock is still touched by whoever holds it. Watched, not reckoned from its date: clocks jump when they are set, and those of
// network disks go their own way, which made a lock of the next day stand for a day and one of a slow clock fall at once.
import { stat } from 'node:fs/promises';

/** Asked again and again of one path: true once the same file has stood there untouched for `limitMs` of this process's own time. */
export function standing(limitMs: number): (path: string) => Promise<boolean> {
  let seen: { readonly mark: string; readonly sinceMs: number } | null = null;
  return async (path) => {
    const info = await stat(path).catch(() => null);
    if (info === null) {
      seen = null;
      return false;
    }
    const mark = `${info.ino}:${info.mtimeMs}:${info.ctimeMs}`;
    if (seen?.mark !== mark) seen = { mark, sinceMs: performance.now() };
    return performance.now() - seen.sinceMs > limitMs;
  };
}
