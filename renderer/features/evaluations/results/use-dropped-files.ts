// Files of a person's own computer that are dropped on a view, as texts: in a browser their paths are not known.
import { notify } from '../../../app/notifications.ts';
import { useFileDrop } from '../../../ui/use-file-drop.ts';

export interface TextOfFile {
  readonly name: string;
  readonly text: string;
}

/** What one request carries; larger files are named by their path. */
const MAX_BYTES = 16_000_000;

/** Handlers to spread over the view. */
export function useDroppedFiles(onFiles: (files: readonly TextOfFile[]) => void) {
  return useFileDrop((files) => {
    void readTexts(files).then((read) => {
      if (read.length > 0) onFiles(read);
    });
  });
}

/** What is too large for a request, or no file, is named and left out. */
export async function readTexts(files: readonly File[]): Promise<readonly TextOfFile[]> {
  const read: TextOfFile[] = [];
  for (const file of files) {
    const text = file.size > MAX_BYTES ? null : await file.text().catch(() => null);
    if (text === null) {
      notify({
        severity: 'warning',
        title: `${file.name} cannot be brought in this way`,
        detail: 'Give the path of folders and of files above 16 MB',
      });
    } else read.push({ name: file.name, text });
  }
  return read;
}
