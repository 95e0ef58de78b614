// Stands in for the `electron` module of the main process: the same names over Chromium and plain Node.
// Every other member throws. Evidence for names, shapes, CSP, protocol and ports; none for sandbox, dialogs, asar.
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type * as Electron from 'electron';
import { type CDPSession, chromium, type Page, type Route } from 'playwright-core';
import { MessageChannelMain, type Port, type PortMessage, PortTable } from './ports.ts';
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
      if (key in target || key === 'then') return Reflect.get(target, key, target) as unknown;
      throw new Error(`The stand-in has no ${name}.${String(key)}`);
    },
  });
}
const { NESSO_CHROMIUM: executablePath = '/usr/bin/chromium' } = process.env;
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic'];
const browser = chromium.launch({ executablePath, args });
const windows: BrowserWindow[] = [];
/** What a test may look at and prepare; see ../control.ts. */
export const inside = {
  windows,
  children: new Set<ChildProcess>(),
  opened: [] as string[],
  permissions: {} as Record<'request' | 'check' | 'device', (...input: unknown[]) => unknown>,
  chosenPaths: [] as string[],
  menu: [] as Electron.MenuItemConstructorOptions[],
  callHandler,
};
type Call = PortMessage & { channel: string; input: unknown[]; invoke?: number };
type Handler = (event: unknown, ...input: unknown[]) => Promise<unknown>;
const handlers = new Map<string, Handler>();
let scheme: ((request: Request) => Promise<Response>) | undefined;

async function callHandler(event: unknown, channel: string, input: unknown[]): Promise<[unknown, unknown]> {
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
  setWindowOpenHandler = (handler: WebContents['openHandler']) => void (this.openHandler = handler);
  run(name: string, ...input: unknown[]) {
    const expression = `standin.${name}(...${JSON.stringify(input)})`;
    this.session?.send('Runtime.evaluate', { expression, contextId: this.world }).catch(() => {});
  }
  send = (channel: string, ...input: unknown[]) => this.run('emit', channel, input, []);
  postMessage(channel: string, data: unknown, ports: Port[] = []) {
    const announce = (ids: number[]) => this.run('emit', channel, [data], ids);
    this.ports.hand(ports, announce, (...message) => this.run('port', ...message));
  }
  async fromPreload({ channel, input, invoke, ...message }: Call) {
    const event = { sender: this, senderFrame: this.mainFrame };
    if (this.ports.receive(message)) return;
    if (invoke === undefined) ipcMain.emit(channel, event, ...input);
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
    session.on('Page.windowOpen', (link) => {
      denied = this.openHandler?.({ ...link, url: fromPage(link.url) }).action === 'deny';
    });
    page.on('popup', (popup) => denied && void popup.close());
    Object.defineProperty(this.mainFrame, 'url', { get: () => fromPage(page.url()) });
    await page.route('**', (route) => this.answer(route, { url: toPage(url) }));
    session.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === WORLD) this.world = context.id;
    });
    session.on('Runtime.bindingCalled', ({ payload }) => void this.fromPreload(JSON.parse(payload) as Call));
    for (const method of ['Page.enable', 'Runtime.enable'] as const) await session.send(method);
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
  static fromWebContents = (is: WebContents) => windows.find((one) => one.webContents === is) ?? null;
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
  whenReady = () => browser;
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
    inside.children.add(child);
    child.on('spawn', () => this.emit('spawn'));
    child.on('message', (message: PortMessage) => {
      if (!this.ports.receive(message)) this.emit('message', message.data);
    });
    child.on('exit', (code) => {
      inside.children.delete(child);
      for (const port of this.ports.values()) port.close();
      this.emit('exit', code ?? 1);
    });
  }
  postMessage(data: unknown, ports: Port[] = []) {
    const tell = (message: object) => this.child.connected && this.child.send(message);
    const carry = (port: number, part: unknown, closed: boolean) => tell({ port, data: part, closed });
    this.ports.hand(ports, (ids) => tell({ data, ports: ids }), carry);
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
    setPermissionRequestHandler: (handler: never) => void (inside.permissions.request = handler),
    setPermissionCheckHandler: (handler: never) => void (inside.permissions.check = handler),
    setDevicePermissionHandler: (handler: never) => void (inside.permissions.device = handler),
    on: (_name: 'will-download', _listener: unknown) => {},
  }),
});
export const dialog: Pick<Electron.Dialog, 'showOpenDialog'> = only('dialog', {
  showOpenDialog: async () => ({ canceled: inside.chosenPaths.length === 0, filePaths: inside.chosenPaths }),
});
export const shell: Pick<Electron.Shell, 'openExternal' | 'showItemInFolder'> = only('shell', {
  openExternal: async (url: string) => void inside.opened.push(url),
  showItemInFolder: (path: string) => void inside.opened.push(path),
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
  buildFromTemplate: (template: typeof inside.menu) => template,
  setApplicationMenu: (next: typeof inside.menu) => void (inside.menu = next),
});
