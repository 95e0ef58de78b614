// What only the desktop can show: its folder dialog, and a file in its file browser.
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { BrowserWindow, dialog, shell } from 'electron';
import { z } from 'zod';
import { channels } from './channels.ts';
import { answerOwnPage } from './sender.ts';

const title = z.string().max(200);
const path = z.string().max(4096).refine(isAbsolute).refine(existsSync);

export function answerDialogs(): void {
  answerOwnPage(channels.chooseFolder, async (event, wanted) => {
    const options = {
      title: title.parse(wanted),
      properties: ['openDirectory' as const, 'createDirectory' as const],
    };
    const window = BrowserWindow.fromWebContents(event.sender);
    const result = window
      ? await dialog.showOpenDialog(window, options)
      : await dialog.showOpenDialog(options);
    return result.canceled ? null : (result.filePaths[0] ?? null);
  });
  answerOwnPage(channels.showInFolder, async (_event, wanted) => {
    shell.showItemInFolder(path.parse(wanted));
  });
}
