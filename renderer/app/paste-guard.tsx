// A browser lays out all of a field at once: some megabytes in one make the window stand still for minutes. What is too long for a
// field is not let in, and the person is told where it belongs. Knows no field.
import { useEffect } from 'react';
import { formatInteger } from '../ui/format.ts';
import { notify } from './notifications.ts';

/** Twice what a model with a context of 128k tokens reads. */
export const MAX_PASTED_CHARACTERS = 1_000_000;

export function PasteGuard() {
  useEffect(() => {
    document.addEventListener('paste', onPaste, true);
    document.addEventListener('drop', onDrop, true);
    return () => {
      document.removeEventListener('paste', onPaste, true);
      document.removeEventListener('drop', onDrop, true);
    };
  }, []);
  return null;
}

const onPaste = (event: ClipboardEvent) => refuseLong(event, event.clipboardData);
const onDrop = (event: DragEvent) => refuseLong(event, event.dataTransfer);

function refuseLong(event: Event, data: DataTransfer | null): void {
  const { target } = event;
  // The editor of configs draws only the lines on screen.
  if (!(target instanceof HTMLElement) || target.closest('.monaco-editor') !== null) return;
  if (!target.matches('input, textarea, [contenteditable]')) return;
  const length = data?.getData('text/plain').length ?? 0;
  if (length <= MAX_PASTED_CHARACTERS) return;
  event.preventDefault();
  event.stopPropagation();
  notify({
    severity: 'warning',
    title: 'This text is too long for a field',
    detail: `It has ${formatInteger(length)} characters, a field takes ${formatInteger(MAX_PASTED_CHARACTERS)}. Put it into a file of the workspace and open it under Data`,
  });
}
