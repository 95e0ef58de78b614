// The workspaces this person opened lately: one small JSON file in the state folder.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { RecentWorkspace } from '../../api/workspace.ts';
import { exists } from '../files/trash.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

const MAX_RECENT = 30;
const recentSchema = z.array(z.object({ path: z.string(), name: z.string(), openedMs: z.number() }));
type Entry = z.infer<typeof recentSchema>[number];

export interface RecentList {
  /** Newest first, each with whether its folder is still there. */
  list(): Promise<RecentWorkspace[]>;
  add(entry: Entry): Promise<void>;
  forget(path: string): Promise<void>;
}

/** A damaged file counts as empty; the next opening repairs it. */
export function createRecentList(stateFolder: string): RecentList {
  const path = join(stateFolder, 'recent.json');
  const read = async (): Promise<Entry[]> => {
    try {
      return recentSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch {
      return [];
    }
  };
  const write = (entries: readonly Entry[]) =>
    writeFileAtomic(path, `${JSON.stringify(entries.slice(0, MAX_RECENT), null, 2)}\n`);
  return {
    async list() {
      const entries = await read();
      return Promise.all(entries.map(async (entry) => ({ ...entry, exists: await exists(entry.path) })));
    },
    async add(entry) {
      const others = (await read()).filter((other) => other.path !== entry.path);
      await write([entry, ...others]);
    },
    async forget(forgotten) {
      const entries = await read();
      await write(entries.filter((entry) => entry.path !== forgotten));
    },
  };
}
