// The list of configs with kind and finding counts, checked again only when a file changed.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ConfigSummary } from '../../api/configs.ts';
import { checkConfig } from '../../lib/config/check.ts';
import { readTextFile } from '../files/read-text.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { listFiles } from '../workspace/list-files.ts';

/** Larger YAML files are listed without being checked: they are data, and would hold up the list. */
const MAX_CHECKED_BYTES = 2 * 1024 * 1024;
/** One workspace's configs; older entries go first. */
const MAX_CACHED = 5000;

type Verdict = Pick<ConfigSummary, 'kind' | 'errors' | 'warnings'>;

interface CacheEntry {
  readonly modifiedMs: number;
  readonly sizeBytes: number;
  readonly verdict: Verdict;
}

export interface ConfigSummaries {
  list(root: string, signal?: AbortSignal): Promise<ConfigSummary[]>;
}

export function createConfigSummaries(): ConfigSummaries {
  const cache = new Map<string, CacheEntry>();

  const verdictOf = async (root: string, path: string): Promise<Verdict> => {
    try {
      const { text } = await readTextFile(await resolveInside(root, path), MAX_CHECKED_BYTES);
      await nextTurn();
      return judge(text);
    } catch {
      // Unreadable, too large or not UTF-8: it stays in the list, and opening it says why.
      return { kind: 'unknown', errors: 1, warnings: 0 };
    }
  };

  return {
    async list(root, signal) {
      const { files } = await listFiles(root, signal);
      const summaries: ConfigSummary[] = [];
      for (const file of files) {
        if (file.kind !== 'config') continue;
        signal?.throwIfAborted();
        const key = `${root}\0${file.path}`;
        const known = cache.get(key);
        const isFresh = known?.modifiedMs === file.modifiedMs && known.sizeBytes === file.sizeBytes;
        const verdict = isFresh ? known.verdict : await verdictOf(root, file.path);
        if (!isFresh) {
          cache.delete(key);
          cache.set(key, { modifiedMs: file.modifiedMs, sizeBytes: file.sizeBytes, verdict });
          if (cache.size > MAX_CACHED) cache.delete(cache.keys().next().value ?? '');
        }
        summaries.push({ path: file.path, modifiedMs: file.modifiedMs, ...verdict });
      }
      return summaries;
    },
  };
}

function judge(text: string): Verdict {
  const { kind, findings } = checkConfig(text);
  const count = (severity: 'error' | 'warning') =>
    findings.filter((finding) => finding.severity === severity).length;
  return { kind, errors: count('error'), warnings: count('warning') };
}
