// What a dataset is called in the window: the name of its file or folder, or the pattern itself; and whose fault a failure is.
import { isGlob } from '../../../../core/lib/datasets/glob.ts';
import { describeError } from '../../../app/describe-error.ts';
import { fileName } from '../../../ui/format.ts';

export function datasetName(path: string, kind: 'file' | 'folder' | 'glob' = 'file'): string {
  if (kind === 'glob') return path;
  return kind === 'folder' ? `${fileName(path)}/` : fileName(path);
}

/** True when the failure is about one of several files, so that the others can be opened. */
export function isOneOfSeveral(error: unknown, path: string): boolean {
  const { code, path: failed } = describeError(error);
  if (failed === null || (code !== 'CORRUPT_FILE' && code !== 'INVALID_INPUT')) return false;
  const at = failed.replaceAll('\\', '/');
  return at.includes(`/${path}/`) || (isGlob(path) && !at.endsWith(`/${path}`));
}
