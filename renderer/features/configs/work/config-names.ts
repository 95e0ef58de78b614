// Names and paths of configs: what a person types, where it lands, what a copy is called. Pure.
import { fileName } from '../../../ui/format.ts';

/** `configs/name.yaml` from what a person typed; null when it is no usable name. */
export function pathFromName(name: string, folder = 'configs'): string | null {
  const bare = name.trim().replace(/\.ya?ml$/i, '');
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._()+-]*$/u.test(bare)) return null;
  return `${folder === '' ? '' : `${folder}/`}${bare}.yaml`;
}

/** The folder of a path; empty at the top of the workspace. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** `zagreus-copy`, `zagreus-copy-2`: a name that no other config has. */
export function freeName(path: string, taken: ReadonlySet<string>): string {
  const bare = fileName(path).replace(/\.ya?ml$/i, '');
  for (let number = 1; ; number += 1) {
    const name = `${bare}-copy${number === 1 ? '' : `-${number}`}`;
    if (!taken.has(pathFromName(name, folderOf(path)) ?? '')) return name;
  }
}
