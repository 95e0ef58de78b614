// Files of a person's own computer as core takes them: texts as they are, Parquet as base64. In a browser their paths are not known.
import type { BroughtFiles } from '../../../../core/api/task-files.ts';
import { notify } from '../../../app/notifications.ts';

export type BroughtFile = BroughtFiles['files'][number];

/** What one request carries; base64 takes a third more. */
const MAX_BYTES = 11_000_000;
/** Calls take their arguments on the stack. */
const CHUNK = 32_768;

/** What is too large, or cannot be read, is named and left out. */
export async function readBrought(files: readonly File[]): Promise<readonly BroughtFile[]> {
  const read: BroughtFile[] = [];
  for (const file of files) {
    const brought = file.size > MAX_BYTES ? null : await contentOf(file).catch(() => null);
    if (brought === null) {
      notify({
        severity: 'warning',
        title: `${file.name} cannot be brought in this way`,
        detail: 'Copy folders, and files above 11 MB, to evals/tasks/ of the workspace',
      });
    } else read.push(brought);
  }
  return read;
}

async function contentOf(file: File): Promise<BroughtFile> {
  const { name } = file;
  if (!/\.parquet$/i.test(name)) return { name, content: await file.text(), encoding: 'text' };
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let start = 0; start < bytes.length; start += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  return { name, content: btoa(binary), encoding: 'base64' };
}
