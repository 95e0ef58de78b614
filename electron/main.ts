// Entry of the desktop host: windows, menu, dialogs, secrets. The work is done in the core process.
import { join, resolve } from 'node:path';
import { app, BrowserWindow, ipcMain, session } from 'electron';
import { findAppFolder } from '../core/services/host/app-folder.ts';
import { openStateFolder } from '../core/services/host/state-folder.ts';
import { type CoreStart, channels } from './channels.ts';
import { type CoreHost, createCoreHost } from './core-host.ts';
import { answerDialogs } from './dialogs.ts';
import { setMenu } from './menu.ts';
import { denyPermissions } from './permissions.ts';
import { registerScheme, servePage } from './protocol.ts';
import { answerSecrets } from './secrets.ts';
import { isOwnPage } from './sender.ts';
import { createWindow } from './window.ts';

const appFolder = findAppFolder(import.meta.dirname);
const stateFolder = openStateFolder();

/** `studio [--sample] [WORKSPACE]`, after the program and, in a checkout, the folder of the app. */
function wantedWorkspace(argv: readonly string[], currentFolder: string): CoreStart['workspace'] {
  const given = argv.slice(app.isPackaged ? 1 : 2).filter((argument) => !argument.startsWith('-'));
  const path = given[0];
  if (path !== undefined) return { path: resolve(currentFolder, path) };
  return { first: argv.includes('--sample') ? 'sample' : 'recent' };
}

function openWindow(): void {
  createWindow({ appFolder, stateFolder });
}

function focusOrOpen(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) return openWindow();
  if (window.isMinimized()) window.restore();
  window.focus();
}

function whenReady(): CoreHost {
  const core = createCoreHost({
    appFolder,
    stateFolder,
    version: app.getVersion(),
    workspace: wantedWorkspace(process.argv, process.cwd()),
  });
  denyPermissions(session.defaultSession);
  servePage(appFolder);
  answerDialogs();
  answerSecrets(stateFolder);
  ipcMain.on(channels.requestPort, (event) => {
    if (isOwnPage(event)) core.connect(event.sender);
  });
  setMenu(openWindow);
  openWindow();
  return core;
}

function run(): void {
  // Caches and cookies of the window lie with the rest of the user's state, and follow NESSO_STATE_FOLDER.
  app.setPath('userData', join(stateFolder, 'electron'));
  if (!app.requestSingleInstanceLock()) return app.quit();
  registerScheme();
  let core: CoreHost | undefined;
  let coreHasQuit = false;
  app.on('second-instance', (_event, argv, currentFolder) => {
    const wanted = wantedWorkspace(argv, currentFolder);
    if ('path' in wanted) core?.openWorkspace(wanted.path);
    focusOrOpen();
  });
  app.on('activate', focusOrOpen);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('before-quit', (event) => {
    if (!core || coreHasQuit) return;
    event.preventDefault();
    void core.quit().finally(() => {
      coreHasQuit = true;
      app.quit();
    });
  });
  void app.whenReady().then(() => {
    core = whenReady();
  });
}

run();
