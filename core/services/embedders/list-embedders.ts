// The embedding models of a workspace: every folder with an ONNX model and a tokenizer. Reads names, sizes and config.json.
import { stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { join } from 'node:path';
import type { EmbedderSummary } from '../../api/embedders.ts';
import { listFiles } from '../workspace/list-files.ts';
import { toStudioError } from '../system-errors.ts';
import { OFFICIAL_MAX_LENGTH, readModelFolder } from './model-folder.ts';

/** Sorted by path. A folder that is not whole is listed with what is wrong. */
export async function listEmbedders(root: string, signal?: AbortSignal): Promise<EmbedderSummary[]> {
  const { files } = await listFiles(root, signal);
  const folders = new Set<string>();
  for (const { path } of files) {
    if (!/(^|\/)model(_[a-z0-9]+)?\.onnx$/.test(path)) continue;
    const folder = posix.dirname(path);
    folders.add(posix.basename(folder) === 'onnx' ? posix.dirname(folder) : folder);
  }
  const found: EmbedderSummary[] = [];
  for (const path of [...folders].toSorted()) {
    signal?.throwIfAborted();
    found.push(await summaryOf(join(root, path), path));
  }
  return found;
}

/** `shown` is the path in the answer. */
export async function summaryOf(folder: string, shown: string): Promise<EmbedderSummary> {
  try {
    const model = await readModelFolder(folder);
    const variants = await Promise.all(
      model.files.map(async ({ variant, file, quantised }) => ({
        name: variant,
        sizeBytes: (await stat(join(folder, file))).size,
        quantised,
      })),
    );
    const { id, revision, dimensions, maxLength } = model;
    return { path: shown, id, revision, dimensions, maxLength, variants, problem: null };
  } catch (error) {
    return {
      path: shown,
      id: posix.basename(shown),
      revision: null,
      dimensions: null,
      maxLength: OFFICIAL_MAX_LENGTH,
      variants: [],
      problem: toStudioError(error).message,
    };
  }
}
