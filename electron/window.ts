// Makes the studio's windows: sandboxed, isolated, bound to the one page, and where they were last time.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrowserWindow, screen, shell } from 'electron';
import { z } from 'zod';
import { writeFileAtomic } from '../core/services/files/write-atomic.ts';
import { PAGE_ORIGIN, PAGE_URL } from './protocol.ts';

const placement = z.object({
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  width: z.number().int().min(400).max(20_000),
  height: z.number().int().min(300).max(20_000),
  maximized: z.boolean(),
});
type Placement = z.infer<typeof placement>;

const defaultPlacement: Placement = { width: 1400, height: 900, maximized: false };

export interface WindowOptions {
  readonly appFolder: string;
  readonly stateFolder: string;
  /** The link to show, `#/runs/…`; absent: where the workspace was left. */
  readonly link?: string;
}

export function createWindow(options: WindowOptions): BrowserWindow {
  const stateFile = join(options.stateFolder, 'window.json');
  const { maximized, width, height, x, y } = readPlacement(stateFile);
  const window = new BrowserWindow({
    width,
    height,
    ...(x === undefined || y === undefined ? {} : { x, y }),
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Nesso Studio',
    webPreferences: {
      preload: join(options.appFolder, 'out', 'preload', 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  window.on('close', () => {
    const next: Placement = { ...window.getNormalBounds(), maximized: window.isMaximized() };
    // Losing a window's place is no reason to keep it open.
    writeFileAtomic(stateFile, JSON.stringify(next)).catch(() => {});
  });
  confine(window, options);
  void window.loadURL(`${PAGE_URL}${options.link ?? ''}`);
  return window;
}

/** The window shows our page and never another; links to the web open in the browser of the system. */
function confine(window: BrowserWindow, options: WindowOptions): void {
  const { webContents } = window;
  webContents.on('will-navigate', (event) => {
    if (new URL(event.url).origin !== PAGE_ORIGIN && !event.url.startsWith(PAGE_URL)) event.preventDefault();
  });
  webContents.on('will-redirect', (event) => event.preventDefault());
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.setWindowOpenHandler(({ url }) => {
    // "Open beside": another window of ours on the same page, never a popup made by the page.
    if (url.startsWith(`${PAGE_URL}#/`)) createWindow({ ...options, link: url.slice(PAGE_URL.length) });
    else if (URL.canParse(url) && new URL(url).protocol === 'https:') void shell.openExternal(url);
    return { action: 'deny' };
  });
}

function readPlacement(path: string): Placement {
  try {
    const saved = placement.parse(JSON.parse(readFileSync(path, 'utf8')));
    const { x, y } = saved;
    const visible = screen.getAllDisplays().some(({ workArea: area }) => {
      if (x === undefined || y === undefined) return true;
      return x >= area.x - 50 && y >= area.y - 50 && x < area.x + area.width && y < area.y + area.height;
    });
    return visible ? saved : { width: saved.width, height: saved.height, maximized: saved.maximized };
  } catch {
    return defaultPlacement;
  }
}
