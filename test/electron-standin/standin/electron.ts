// Stands in for the `electron` module of the main process: the same names over Chromium and plain Node.
// Knows only what the studio uses; every other member throws. Evidence for names, shapes, CSP, protocol and
// ports; none for Chromium's sandbox, native dialogs, asar or the updater.
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type * as Electron from 'electron';
import { type CDPSession, chromium, type Page, type Route } from 'playwright-core';
import { MessageChannelMain, type Port, PortTable } from './ports.ts';
import { isolatedWorld, pageWorld } from './worlds.ts';

export { MessageChannelMain };

const WORLD = 'standin-preload';
/** Chromium knows no custom schemes: the page has this origin there, and its real one everywhere else. */
const ORIGIN = 'https://studio.nesso.invalid';
const toPage = (url: string) => url.replace(/^nesso:\/\/studio/, ORIGIN);
const fromPage = (url: string) => url.replace(ORIGIN, 'nesso://studio');

function only<T extends object>(name: string, value: T): T {
  return new Proxy(value, {
    get(target, key) {
      if (key in target || typeof key === 'symbol' || key === 'then')
        return Reflect.get(target, key, target) as unknown;
      throw new Error(`The stand-in has no ${name}.${key}`);
    },
  });
}

const { NESSO_CHROMIUM: executablePath = '/usr/bin/chromium' } = process.env;
const browser = chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
});
const windows: BrowserWindow[] = [];
const children = new Set<ChildProcess>();
const record = { opened: [] as string[], problems: [] as string[] };
const handlers = new Map<string, (event: unknown, ...input: unknown[]) => Promise<unknown>>();
const permissions: Record<string, (...input: never[]) => unknown> = {};
let scheme: ((request: Request) => Promise<Response>) | undefined;
let chosenPaths: string[] = [];
let menu: Electron.MenuItemConstructorOptions[] = [];

interface FromPreload {
  readonly channel: string;
  readonly input: unknown[];
  readonly invoke?: number;
  readonly port?: number;
  readonly data: unknown;
  readonly closed: boolean;
}

async function callHandler(
  event: unknown,
  channel: string,
  input: unknown[],
): Promise<[unknown, string | null]> {
  try {
    const handler = handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return [(await handler(event, ...input)) ?? null, null];
  } catch (error) {
    return [null, `Error invoking remote method '${channel}': ${String(error)}`];
  }
}

class WebContents extends EventEmitter {
  readonly ports = new PortTable();
  mainFrame = { url: 'about:blank' };
  page: Page | undefined;
  session: CDPSession | undefined;
  world = 0;
  openHandler: ((details: { url: string }) => { action: string }) | undefined;
  isDestroyed = () => false;
  setWindowOpenHandler(handler: typeof this.openHandler) {
    this.openHandler = handler;
  }
  run(name: string, ...input: unknown[]) {
    const expression = `standin.${name}(...${JSON.stringify(input)})`;
    this.session?.send('Runtime.evaluate', { expression, contextId: this.world }).catch(() => {});
  }
  send(channel: string, ...input: unknown[]) {
    this.run('emit', channel, input, []);
  }
  postMessage(channel: string, data: unknown, ports: Port[] = []) {
    const carry = (id: number, message: unknown, closed: boolean) => this.run('port', id, message, closed);
    // The page has to know the port before anything is sent to it.
    const waiting: unknown[][] = [];
    const ids = ports.map((port) => this.ports.hand(port, (...message) => waiting.push(message)));
    this.run('emit', channel, [data], ids);
    ports.forEach((port, index) => this.ports.hand(port, carry, ids[index]));
    for (const message of waiting) this.run('port', ...message);
  }
  async fromPreload({ channel, input, invoke, port, data, closed }: FromPreload) {
    const event = { sender: this, senderFrame: this.mainFrame };
    if (port !== undefined) this.ports.receive(port, data, closed);
    else if (invoke === undefined) ipcMain.emit(channel, event, ...input);
    else this.run('settle', invoke, ...(await callHandler(event, channel, input)));
  }
  async answer(route: Route, loading: { url: string }) {
    const request = route.request();
    const url = request.url();
    let prevented = false;
    if (request.isNavigationRequest() && url !== loading.url) {
      this.emit('will-navigate', { url: fromPage(url), preventDefault: () => (prevented = true) });
    }
    if (prevented || !url.startsWith(`${ORIGIN}/`) || !scheme) return route.abort('aborted');
    const response = await scheme(new Request(fromPage(url), { method: request.method() }));
    const body = Buffer.from(await response.arrayBuffer());
    return route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body });
  }
  async load(url: string, preload: string) {
    const page = await (await browser).newPage();
    const session = await page.context().newCDPSession(page);
    Object.assign(this, { page, session });
    let denied = false;
    session.on('Page.windowOpen', (details) => {
      denied = this.openHandler?.(details).action === 'deny';
    });
    page.on('popup', (popup) => denied && void popup.close());
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.mainFrame = { url: fromPage(frame.url()) };
    });
    page.on('pageerror', (error) => record.problems.push(error.stack ?? error.message));
    page.on('console', (message) => message.type() === 'error' && record.problems.push(message.text()));
    await page.route('**', (route) => this.answer(route, { url: toPage(url) }));
    session.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === WORLD) this.world = context.id;
    });
    session.on(
      'Runtime.bindingCalled',
      ({ payload }) => void this.fromPreload(JSON.parse(payload) as FromPreload),
    );
    await session.send('Page.enable');
    await session.send('Runtime.enable');
    await session.send('Runtime.addBinding', { name: 'standinSend', executionContextName: WORLD });
    await page.addInitScript(pageWorld);
    const source = `(${isolatedWorld.toString()})((require, process) => {${preload}\n})`;
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName: WORLD });
    await page.goto(toPage(url));
  }
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = only('webContents', new WebContents());
  readonly options: Electron.BrowserWindowConstructorOptions;
  static getAllWindows = () => windows;
  static getFocusedWindow = () => windows[0] ?? null;
  static fromWebContents = (contents: WebContents) =>
    windows.find((one) => one.webContents === contents) ?? null;
  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    windows.push(this);
  }
  show() {}
  async loadURL(url: string) {
    await this.webContents.load(url, readFileSync(this.options.webPreferences?.preload ?? '', 'utf8'));
    this.emit('ready-to-show');
  }
}

class App extends EventEmitter {
  isPackaged = false;
  getVersion = () => '0.0.0-standin';
  setPath() {}
  requestSingleInstanceLock = () => true;
  whenReady = async () => {
    await browser;
  };
  quit() {
    let prevented = false;
    this.emit('before-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) void browser.then((one) => one.close()).finally(() => process.exit(0));
  }
}
export const app = only('app', new App());

class UtilityProcess extends EventEmitter {
  readonly ports = new PortTable();
  readonly child: ChildProcess;
  constructor(path: string, input: string[]) {
    super();
    const execArgv = ['--import', new URL('utility.js', import.meta.url).href];
    const child = fork(path, input, { execArgv, serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] });
    this.child = child;
    children.add(child);
    child.on('spawn', () => this.emit('spawn'));
    child.on('message', (message: { data: unknown; port?: number; closed: boolean }) => {
      if (message.port === undefined) this.emit('message', message.data);
      else this.ports.receive(message.port, message.data, message.closed);
    });
    child.on('exit', (code) => {
      children.delete(child);
      this.ports.closeAll();
      this.emit('exit', code ?? 1);
    });
  }
  postMessage(data: unknown, ports: Port[] = []) {
    const tell = (message: object) => this.child.connected && this.child.send(message);
    const waiting: object[] = [];
    const ids = ports.map((one) =>
      this.ports.hand(one, (port, part, closed) => waiting.push({ port, data: part, closed })),
    );
    tell({ data, ports: ids });
    ports.forEach((one, index) => {
      this.ports.hand(one, (port, part, closed) => tell({ port, data: part, closed }), ids[index]);
    });
    waiting.forEach(tell);
  }
  kill = () => this.child.kill('SIGKILL');
}
export const utilityProcess = only('utilityProcess', {
  fork: (path: string, input: string[]) => only('UtilityProcess', new UtilityProcess(path, input)),
});

const handle = (channel: string, handler: never) => void handlers.set(channel, handler);
export const ipcMain = only('ipcMain', Object.assign(new EventEmitter(), { handle }));
export const protocol = only('protocol', {
  registerSchemesAsPrivileged: (_schemes: Electron.CustomScheme[]) => {},
  handle: (_name: string, handler: typeof scheme) => void (scheme = handler),
});
export const session = only('session', {
  defaultSession: only('defaultSession', {
    setPermissionRequestHandler: (handler: never) => void (permissions.request = handler),
    setPermissionCheckHandler: (handler: never) => void (permissions.check = handler),
    setDevicePermissionHandler: (handler: never) => void (permissions.device = handler),
    on: (_name: 'will-download', _listener: unknown) => {},
  }),
});
export const dialog: Pick<Electron.Dialog, 'showOpenDialog'> = only('dialog', {
  showOpenDialog: async () => ({ canceled: chosenPaths.length === 0, filePaths: chosenPaths }),
});
export const shell: Pick<Electron.Shell, 'openExternal' | 'showItemInFolder'> = only('shell', {
  openExternal: async (url: string) => void record.opened.push(url),
  showItemInFolder: (path: string) => void record.opened.push(path),
});
/** Not a cipher: enough to see that what lies on disk is not the text. */
const flip = (bytes: Uint8Array) => Buffer.from(bytes.map((byte) => byte ^ 0x5a));
export const safeStorage = only('safeStorage', {
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => 'gnome_libsecret' as const,
  encryptString: (text: string) => flip(Buffer.from(text)),
  decryptString: (bytes: Buffer) => flip(bytes).toString(),
} satisfies Partial<Electron.SafeStorage>);
export const screen = only('screen', {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
});
export const Menu = only('Menu', {
  buildFromTemplate: (template: typeof menu) => template,
  setApplicationMenu: (next: typeof menu) => void (menu = next),
});

/** What a test may ask of this process, over the channel it was started with. */
const control: Record<string, (input: never) => unknown> = {
  evaluate: (expression: string) => windows[0]?.webContents.page?.evaluate(expression),
  windows: () =>
    windows.map((one) => ({ ...one.options.webPreferences, url: one.webContents.mainFrame.url })),
  pages: () => windows[0]?.webContents.page?.context().pages().length,
  record: () => record,
  cores: () => Array.from(children, (child) => child.pid),
  async permission(name: never) {
    const asked = await new Promise((resolve) =>
      permissions.request?.(null as never, name, resolve as never),
    );
    return [asked, permissions.check?.(null as never, name), permissions.device?.()];
  },
  invokeFrom: ([url, channel, ...input]: [string, string, ...unknown[]]) =>
    callHandler({ sender: { mainFrame: { url } }, senderFrame: { url } }, channel, input),
  choose: (paths: string[]) => void (chosenPaths = paths),
  clickMenu(label: string) {
    const items = menu.flatMap((top) => (Array.isArray(top.submenu) ? top.submenu : []));
    (items.find((item) => item.label === label)?.click as (() => void) | undefined)?.();
  },
  quit: () => app.quit(),
};
process.on('message', async ({ id, name, input }: { id: number; name: string; input: never }) => {
  try {
    process.send?.({ id, value: await control[name]?.(input) });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
});
