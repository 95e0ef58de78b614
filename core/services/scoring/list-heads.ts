// The heads of a workspace: every small .safetensors or .ckpt file whose tensors are those of a head.
import { basename, dirname, extname, join } from 'node:path';
import { posix } from 'node:path';
import type { HeadSummary } from '../../api/scoring.ts';
import { StudioError } from '../../api/errors.ts';
import { listFiles } from '../workspace/list-files.ts';
import { loadHead } from './head-sources.ts';

/** A head of 768 × 1,000 is 3 MB, a checkpoint with both moments 9 MB; larger files are models and are not read for a list. */
const MAX_LISTED_BYTES = 67_108_864;

export interface HeadList {
  list(root: string, signal?: AbortSignal): Promise<HeadSummary[]>;
}

/** Kept by path, size and time, so that a list that is drawn again reads nothing. */
export function createHeadList(): HeadList {
  const known = new Map<string, { readonly stamp: string; readonly summary: HeadSummary | null }>();
  return {
    async list(root, signal) {
      const { files } = await listFiles(root, signal);
      const found: HeadSummary[] = [];
      for (const file of files) {
        if (!/\.(safetensors|ckpt)$/i.test(file.path) || file.sizeBytes > MAX_LISTED_BYTES) continue;
        signal?.throwIfAborted();
        const key = join(root, file.path);
        const stamp = `${file.sizeBytes}:${file.modifiedMs}`;
        const cached = known.get(key);
        const summary = cached?.stamp === stamp ? cached.summary : await summaryOf(root, file);
        known.set(key, { stamp, summary });
        if (summary) found.push(summary);
      }
      return found.toSorted((left, right) => right.modifiedMs - left.modifiedMs);
    },
  };
}

/** Null for a file that is no head. */
async function summaryOf(
  root: string,
  file: { readonly path: string; readonly sizeBytes: number; readonly modifiedMs: number },
): Promise<HeadSummary | null> {
  try {
    const name = headName(file.path);
    const { head, metadata } = await loadHead({ name, path: join(root, file.path) });
    return {
      path: file.path,
      name,
      sizeBytes: file.sizeBytes,
      inputs: head.inputs,
      hidden: head.hidden,
      embedder: metadata['embedder_id'] ?? metadata['features'] ?? null,
      modifiedMs: file.modifiedMs,
    };
  } catch (error) {
    if (error instanceof StudioError) return null;
    throw error;
  }
}

/** `runs/train-head-3/head.safetensors` → train-head-3: what every run calls `head` is told apart by its folder. */
function headName(path: string): string {
  const name = basename(path, extname(path));
  const folder = posix.basename(dirname(path));
  return name === 'head' && folder !== '.' ? folder : name;
}
