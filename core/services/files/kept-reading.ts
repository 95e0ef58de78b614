// Reads small files that are asked for again and again: what a file said is kept until it is another one.
import { stat } from 'node:fs/promises';

/**
 * `read`, called once for each version of a file at `path` that is seen: a stat costs a tenth of opening, reading and checking it.
 * Rejects as stat or `read` do; nothing is kept of a file that is not there or could not be read.
 */
export function keepReading<T>(read: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const kept = new Map<string, { readonly stamp: string; readonly value: T }>();
  return async (path) => {
    try {
      // Before it is read: what is written meanwhile is seen the next time.
      const { mtimeMs, ctimeMs, size, ino } = await stat(path);
      const stamp = `${mtimeMs}:${ctimeMs}:${size}:${ino}`;
      const before = kept.get(path);
      if (before?.stamp === stamp) return before.value;
      const value = await read(path);
      kept.set(path, { stamp, value });
      return value;
    } catch (error) {
      kept.delete(path);
      throw error;
    }
  };
}
