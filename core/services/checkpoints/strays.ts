// Folders of steps with models in them but without a checkpoint.json: copied here by hand, or made before lives were written down.
// They are told of as lives of which nothing else is known.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointLife, CheckpointModel } from '../../api/checkpoint-life.ts';
import { CHECKPOINTS_FOLDER, lifeFolder } from '../../lib/checkpoints/life-files.ts';
import { findLife } from './life-store.ts';

/** The target of a life whose origin nobody wrote down. */
export const UNKNOWN_TARGET = 'unknown';

/** Null where there is a life, or no model. */
export async function findStray(root: string, runId: string, step: number): Promise<CheckpointLife | null> {
  if ((await findLife(root, runId, step)) !== null) return null;
  const folder = join(root, lifeFolder(runId, step));
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) => /\.gguf$/i.test(name));
  const models: CheckpointModel[] = [];
  for (const file of names.sort()) {
    const info = await stat(join(folder, file)).catch(() => null);
    if (!info?.isFile()) continue;
    models.push({
      file,
      type: file.replace(/^model-|\.gguf$/gi, ''),
      sizeBytes: info.size,
      weightsKey: '',
      weightsSha256: '',
      convertedMs: info.mtimeMs,
      warnings: [],
      verified: null,
    });
  }
  if (models.length === 0) return null;
  return {
    format: 1,
    runId,
    runName: runId,
    step,
    tokens: null,
    source: { target: UNKNOWN_TARGET, path: '', layout: 'nanotron' },
    pulled: null,
    models,
    pinned: false,
    byRule: false,
    lastUsedMs: null,
  };
}

export async function listStrays(root: string): Promise<readonly CheckpointLife[]> {
  const found: CheckpointLife[] = [];
  for (const runId of await foldersIn(join(root, CHECKPOINTS_FOLDER))) {
    for (const name of await foldersIn(join(root, CHECKPOINTS_FOLDER, runId))) {
      const stray = /^\d+$/.test(name) ? await findStray(root, runId, Number(name)) : null;
      if (stray !== null) found.push(stray);
    }
  }
  return found;
}

async function foldersIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
