// The tokenizers of a workspace: every tokenizer.json, and whatever lies in `tokenizers/`. Read once per file and time.
import { join } from 'node:path';
import type { TokenizerSummary } from '../../api/tokenizers.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { toStudioError } from '../system-errors.ts';
import { listFiles } from '../workspace/list-files.ts';
import type { TokenWorkers } from './token-workers.ts';
import { tokenizerName } from './tokenizer-name.ts';

/** A workspace with more is a copy of a model hub. */
const MAX_TOKENIZERS = 200;
const TOKENIZER = /(^|\/)tokenizer\.json$|^tokenizers\/[^/]+\.json$/;
/** What tokenizers are saved with, and what is none. */
const COMPANION = /(^|\/)(tokenizer_config|special_tokens_map|added_tokens|vocab|config)\.json$/;

export interface TokenizerList {
  list(root: string, signal?: AbortSignal): Promise<TokenizerSummary[]>;
}

export function createTokenizerList(workers: TokenWorkers): TokenizerList {
  const known = new Map<string, { readonly stamp: string; readonly summary: TokenizerSummary }>();
  return {
    async list(root, signal) {
      const { files } = await listFiles(root, signal);
      const wanted = files.filter(({ path }) => TOKENIZER.test(path) && !COMPANION.test(path));
      const found: TokenizerSummary[] = [];
      for (const { path, sizeBytes, modifiedMs } of wanted.slice(0, MAX_TOKENIZERS)) {
        const key = join(root, path);
        const stamp = `${sizeBytes}:${modifiedMs}`;
        const cached = known.get(key);
        const summary =
          cached?.stamp === stamp ? cached.summary : await summaryOf(workers, root, path, signal);
        known.set(key, { stamp, summary });
        found.push(summary);
      }
      return found;
    },
  };
}

async function summaryOf(
  workers: TokenWorkers,
  root: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<TokenizerSummary> {
  try {
    const absolute = await resolveInside(root, path);
    const { facts } = await workers.ask({ kind: 'describe', path: absolute }, { signal, urgent: true });
    const { sha256, kind, vocabularySize, specialTokens } = facts;
    return { path, name: tokenizerName(path), sha256, kind, vocabularySize, specialTokens, problem: null };
  } catch (error) {
    signal?.throwIfAborted();
    return {
      path,
      name: tokenizerName(path),
      sha256: null,
      kind: null,
      vocabularySize: 0,
      specialTokens: [],
      problem: toStudioError(error).message,
    };
  }
}
