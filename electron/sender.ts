// Messages to main count only when they come from the top frame of our own page.
import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain } from 'electron';
import { PAGE_ORIGIN } from './protocol.ts';

export function isOwnPage(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame === event.sender.mainFrame && frame.url.startsWith(`${PAGE_ORIGIN}/`);
}

/** `ipcMain.handle` that refuses every other sender. Arguments are not checked yet. */
export function answerOwnPage(
  channel: string,
  answer: (event: IpcMainInvokeEvent, ...input: readonly unknown[]) => Promise<unknown>,
): void {
  ipcMain.handle(channel, async (event, ...input: unknown[]) => {
    if (!isOwnPage(event)) throw new Error('This page may not ask for that');
    return await answer(event, ...input);
  });
}
