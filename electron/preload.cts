// Runs before the page, isolated from it: hands over the core port and what only a desktop can do.
import { contextBridge, ipcRenderer } from 'electron';
import type { DesktopHost } from '../renderer/desktop-host.ts';
import { channels } from './channels.ts';

ipcRenderer.on(channels.port, (event) => {
  const [port] = event.ports;
  if (port) window.postMessage('nesso-core-port', window.location.origin, [port]);
});

ipcRenderer.on(channels.coreLost, () => {
  window.postMessage('nesso-core-lost', window.location.origin);
});

const desktop: DesktopHost = {
  platform: process.platform,
  requestPort: () => ipcRenderer.send(channels.requestPort),
  chooseFolder: (title) => ipcRenderer.invoke(channels.chooseFolder, title),
  showInFolder: (path) => ipcRenderer.invoke(channels.showInFolder, path),
  onCommand(listener) {
    const pass = (_event: unknown, command: string) => listener(command);
    ipcRenderer.on(channels.command, pass);
    return () => ipcRenderer.removeListener(channels.command, pass);
  },
  readSecret: (name) => ipcRenderer.invoke(channels.readSecret, name),
  writeSecret: (name, value) => ipcRenderer.invoke(channels.writeSecret, name, value),
};

contextBridge.exposeInMainWorld('nessoDesktop', desktop);
