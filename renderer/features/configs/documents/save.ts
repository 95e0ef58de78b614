// Saving and following the disk: what another program wrote is merged when clean and asked about when not.
// Never overwrites silently: core refuses a save whose base is not what is on disk.
import type { ConfigFile } from '../../../../core/api/configs.ts';
import type { StudioClient } from '../../../../core/api/contract.ts';
import { describeError } from '../../../app/describe-error.ts';
import { notify, notifyError } from '../../../app/notifications.ts';
import { type ConfigBuffer, reconcile } from './config-buffer.ts';
import { undoAction } from './undo-action.ts';

export type SaveOutcome = 'saved' | 'merged' | 'conflict' | 'removed' | 'failed';

/** Another program that writes faster than we merge is left to win; the person is told. */
const MAX_MERGES = 3;

/** Saves a buffer; `failed` has been told already. */
export async function saveBuffer(client: StudioClient, buffer: ConfigBuffer): Promise<SaveOutcome> {
  const { state, path } = buffer;
  if (state.getState().conflict !== null) return 'conflict';
  if (state.getState().saving) return 'saved';
  state.setState({ saving: true });
  try {
    let merged = false;
    for (let attempt = 0; attempt <= MAX_MERGES; attempt += 1) {
      const text = buffer.fileText();
      const baseVersion = state.getState().removed ? null : buffer.base().version;
      const result = await client.configs.save({ path, text, baseVersion });
      if (result.kind === 'saved') {
        buffer.rebase({ text, version: result.version });
        state.setState({ restoredMs: null, justSaved: !state.getState().dirty });
        if (merged) tellMerged(buffer, 'Saved together with the changes made on disk');
        return merged ? 'merged' : 'saved';
      }
      if (state.getState().removed) state.setState({ removed: false });
      if (reconcile(buffer, result.current) === 'conflict') return 'conflict';
      merged = true;
    }
    notify({
      severity: 'warning',
      title: `${fileName(path)} keeps changing on disk`,
      detail: 'Another program writes it at the same time; save again when it is done',
    });
    return 'failed';
  } catch (error) {
    if (describeError(error).code === 'NOT_FOUND') {
      state.setState({ removed: true });
      return 'removed';
    }
    notifyError(error);
    return 'failed';
  } finally {
    state.setState({ saving: false });
  }
}

/**
 * Lets the buffer follow what was read from the disk. A reading that began before the last save or reload ended may be
 * older than the buffer's base, and is left out: the change that made it stale is followed by another reading.
 */
export function followDisk(
  buffer: ConfigBuffer,
  reading: { readonly file: ConfigFile; readonly startedMs: number },
): void {
  const { saving, conflict } = buffer.state.getState();
  if (buffer.model.isDisposed() || saving || reading.startedMs < buffer.rebasedMs()) return;
  if (conflict !== null && conflict.theirs.version === reading.file.version) return;
  switch (reconcile(buffer, reading.file)) {
    case 'merged':
      tellMerged(buffer, 'Changes made on disk were merged with yours');
      break;
    case 'reloaded':
      notify({
        severity: 'info',
        title: `${fileName(buffer.path)} was changed by another program`,
        detail: 'The new text is shown; undo brings the old one back',
      });
      break;
    case 'conflict':
    case 'same':
  }
}

/** Ends a conflict: the buffer's text, or the one on disk, becomes the text; the other can be had back with undo. */
export function settleConflict(buffer: ConfigBuffer, choice: 'mine' | 'theirs'): void {
  const conflict = buffer.state.getState().conflict;
  if (conflict === null) return;
  if (choice === 'theirs') buffer.become(conflict.theirs.text);
  buffer.rebase(conflict.theirs);
}

function tellMerged(buffer: ConfigBuffer, title: string): void {
  notify({
    severity: 'info',
    title,
    detail: fileName(buffer.path),
    action: undoAction(buffer),
  });
}

function fileName(path: string): string {
  return path.split('/').at(-1) ?? path;
}
