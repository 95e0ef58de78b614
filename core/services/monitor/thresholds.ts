// Thresholds of a workspace: watchdog.json beside studio.yaml, so that a team shares them; a run may have its own.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ThresholdChange,
  thresholdChange,
  type Thresholds,
  thresholds as thresholdsSchema,
} from '../../api/findings.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

const FILE = 'watchdog.json';

/** A damaged file counts as empty: the defaults are safe. */
async function readChanges(root: string): Promise<ThresholdChange> {
  try {
    const parsed = thresholdChange.safeParse(JSON.parse(await readFile(join(root, FILE), 'utf8')));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

/** What holds for a run: its own, the workspace's, the default. */
export async function thresholdsOf(root: string, own: ThresholdChange = {}): Promise<Thresholds> {
  return thresholdsSchema.parse({ ...(await readChanges(root)), ...definedOnly(own) });
}

/** Keeps only what differs from the defaults, so that better defaults reach everybody who never chose. */
export async function changeWorkspaceThresholds(root: string, change: ThresholdChange): Promise<Thresholds> {
  const path = join(root, FILE);
  return withFileLock(root, path, async () => {
    const after = thresholdsSchema.parse({ ...(await readChanges(root)), ...definedOnly(change) });
    const usual = thresholdsSchema.parse({});
    const kept = Object.entries(after).filter(([name, value]) => value !== usual[name as keyof Thresholds]);
    await writeFileAtomic(path, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
    return after;
  });
}

export function definedOnly(change: ThresholdChange): ThresholdChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
