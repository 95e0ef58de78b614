// Folders of weights in a workspace, by the names of their files: nothing is opened.
import { basename, dirname } from 'node:path/posix';
import type { WeightsFolder } from '../../api/weights.ts';
import { listFiles } from '../workspace/list-files.ts';

const SHARD = /^model.*\.safetensors$/;

/** Sorted by path. Of Nanotron only steps whose model_config.json, written last, is there. */
export async function listWeights(root: string, signal?: AbortSignal): Promise<WeightsFolder[]> {
  const { files } = await listFiles(root, signal);
  const folders = new Map<string, { readonly names: Set<string>; sizeBytes: number }>();
  for (const { path, sizeBytes } of files) {
    const name = basename(path);
    const folder = folders.get(dirname(path)) ?? { names: new Set<string>(), sizeBytes: 0 };
    folder.names.add(name);
    if (SHARD.test(name)) folder.sizeBytes += sizeBytes;
    folders.set(dirname(path), folder);
  }
  return [...folders].flatMap(([path, { names, sizeBytes }]): WeightsFolder[] => {
    const common = { path, name: weightsName(path) };
    if (names.has('model_config.json')) return [{ ...common, layout: 'nanotron', sizeBytes: null }];
    return names.has('config.json') && sizeBytes > 0 ? [{ ...common, layout: 'huggingface', sizeBytes }] : [];
  });
}

/** The folder's name; `run · 5000` for steps, whose own names say little. */
export function weightsName(path: string): string {
  const parts = path.split('/').filter((part) => !/^(weights|checkpoints|runs|models)$/.test(part));
  const own = parts.at(-1) ?? basename(path);
  const isStep = /^(checkpoint-|step-?)?\d+$/.test(own);
  return isStep && parts.length > 1 ? `${parts.at(-2)} · ${own}` : own;
}
