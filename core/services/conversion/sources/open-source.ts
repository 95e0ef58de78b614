// Opens whatever holds tensors: a GGUF file, or a folder of weights.
import { statSync } from 'node:fs';
import { openFolderSource } from './folder-source.ts';
import { openGguf } from './gguf-source.ts';
import type { TensorSource } from './tensor-source.ts';

/** `path` is absolute. Throws what opening throws: NOT_FOUND, CORRUPT_FILE, INVALID_INPUT, ConversionFault. */
export function openSource(path: string): TensorSource {
  return isGguf(path) ? openGguf(path) : openFolderSource(path);
}

export function isGguf(path: string): boolean {
  return statSync(path).isFile() && /\.gguf$/i.test(path);
}
