// How much memory programs may still take: what the system says, and the limit of a container where there is one.
import { readFile } from 'node:fs/promises';
import { freemem } from 'node:os';

export async function availableMemoryBytes(): Promise<number> {
  const [limit, used] = await Promise.all([
    numberIn('/sys/fs/cgroup/memory.max'),
    numberIn('/sys/fs/cgroup/memory.current'),
  ]);
  const inside = limit === null || used === null ? Number.POSITIVE_INFINITY : Math.max(0, limit - used);
  return Math.min(freemem(), inside);
}

/** Null without such a file, or where it says `max`. */
async function numberIn(path: string): Promise<number | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const value = Number.parseInt(text, 10);
  return Number.isFinite(value) ? value : null;
}
