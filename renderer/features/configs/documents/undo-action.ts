// The "Undo" of a notice about a buffer: takes back exactly that step, and says so when it no longer can.
import { type NotificationAction, notify } from '../../../app/notifications.ts';
import type { ConfigBuffer } from './config-buffer.ts';

/** To be made right after the step it undoes. */
export function undoAction(buffer: ConfigBuffer): NotificationAction {
  const undo = buffer.undoOfLast();
  return {
    label: 'Undo',
    perform: () => {
      if (undo()) return;
      notify({
        severity: 'info',
        title: 'There were edits since',
        detail: 'Undo them first in the editor: one history holds them all',
      });
    },
  };
}
