// The caches of a workspace as a person sees them: how much of the disk each takes, emptied on request, and kept below a limit by
// taking away what was not used for longest. Everything in `.studio/cache` can be made again; knows nothing of what it is.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What was used since stays whatever the limit: this studio, or another one on the same workspace, may be reading it. File systems
 * note the time of a read once a day at least (relatime), so a day and an hour cover every use of the last day.
 */
const IN_USE_MS = 25 * 3_600_000;

export interface CachePart {
  /** Name of the folder: `datasets`, `quality`, `embeddings`, … */
  readonly name: string;
  readonly sizeBytes: number;
  readonly entries: number;
}

interface Entry {
  readonly part: string;
  /** What its files share up to the first dot. */
  readonly stem: string;
  /** Files and folders that belong together; what vouches for the rest comes first. */
  readonly paths: readonly string[];
  readonly sizeBytes: number;
  readonly usedMs: number;
}

/** Where the caches of a workspace are. */
export function workspaceCacheFolder(workspace: string): string {
  return join(workspace, '.studio', 'cache');
}

export async function readCache(folder: string, signal?: AbortSignal): Promise<readonly CachePart[]> {
  const parts = new Map<string, { sizeBytes: number; entries: number }>();
  for (const { part, sizeBytes } of await entriesOf(folder, signal)) {
    const own = parts.get(part) ?? { sizeBytes: 0, entries: 0 };
    parts.set(part, { sizeBytes: own.sizeBytes + sizeBytes, entries: own.entries + 1 });
  }
  return [...parts].map(([name, own]) => ({ name, ...own })).sort((a, b) => b.sizeBytes - a.sizeBytes);
}

export interface Pruning {
  readonly limitBytes: number;
  /** When it is called. */
  readonly nowMs: number;
  /** Entries of one part whose names begin so; absent: all there are. The limit is theirs then. */
  readonly only?: { readonly part: string; readonly prefix: string } | undefined;
  /** For entries whose use is noted at once, by their time of change. */
  readonly inUseMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes entries away, the least recently used first, until no more than `limitBytes` are left or the rest is in use. Returns the
 * bytes that were freed. Another studio doing the same is no harm: what is gone is gone.
 */
export async function pruneCache(folder: string, pruning: Pruning): Promise<number> {
  const { limitBytes, nowMs, only, inUseMs = IN_USE_MS, signal } = pruning;
  const entries = (await entriesOf(folder, signal, only?.part)).filter(({ stem }) =>
    stem.startsWith(only?.prefix ?? ''),
  );
  let total = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let freed = 0;
  for (const entry of [...entries].sort((a, b) => a.usedMs - b.usedMs)) {
    if (total <= limitBytes || nowMs - entry.usedMs < inUseMs) break;
    signal?.throwIfAborted();
    await removeEntry(entry);
    total -= entry.sizeBytes;
    freed += entry.sizeBytes;
  }
  return freed;
}

/** Takes everything away, in use or not: what needs it makes it again. */
export async function emptyCache(folder: string, signal?: AbortSignal): Promise<number> {
  let freed = 0;
  for (const entry of await entriesOf(folder, signal)) {
    signal?.throwIfAborted();
    await removeEntry(entry);
    freed += entry.sizeBytes;
  }
  return freed;
}

async function removeEntry({ paths }: Entry): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true, force: true });
}

/** Files of one part that share the name up to the first dot are one entry; a folder is one. */
async function entriesOf(
  folder: string,
  signal: AbortSignal | undefined,
  only?: string,
): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  const parts = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const part of parts.filter((entry) => entry.isDirectory() && entry.name === (only ?? entry.name))) {
    signal?.throwIfAborted();
    const inside = await readdir(join(folder, part.name)).catch(() => []);
    const groups = new Map<string, string[]>();
    for (const name of inside.sort(vouchingFirst)) {
      const stem = name.split('.')[0] ?? name;
      groups.set(stem, [...(groups.get(stem) ?? []), join(folder, part.name, name)]);
    }
    for (const [stem, paths] of groups) {
      const measured = await Promise.all(paths.map(measure));
      found.push({
        part: part.name,
        stem,
        paths,
        sizeBytes: measured.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        usedMs: Math.max(...measured.map(({ usedMs }) => usedMs)),
      });
    }
  }
  return found;
}

/** `<key>.json` says that `<key>.parquet` is whole: it goes first, or a kill in between would leave it to vouch for nothing. */
function vouchingFirst(a: string, b: string): number {
  return Number(b.endsWith('.json')) - Number(a.endsWith('.json')) || a.localeCompare(b);
}

/** Of a folder with all that is in it. Links are counted as links, never followed. */
async function measure(path: string): Promise<{ readonly sizeBytes: number; readonly usedMs: number }> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = [
    path,
    ...entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
  ];
  let sizeBytes = 0;
  let usedMs = 0;
  for (const file of files) {
    const found = await stat(file).catch(() => null);
    if (!found) continue;
    if (found.isFile()) sizeBytes += found.size;
    usedMs = Math.max(usedMs, found.mtimeMs, found.atimeMs * Number(found.isFile()));
  }
  return { sizeBytes, usedMs };
}
