// The two scripts of a page: the preload's isolated world (ipcRenderer, contextBridge) and its mirror in the
// page's own world. They reach the browser as text; synchronous events carry JSON between the worlds.
type Described = { v?: unknown; f?: number; p?: true; o?: Record<string, Described> };
type Call = { f: number; input: Described[]; settle: number };
type Anything = (...input: unknown[]) => unknown;
declare function standinSend(text: string): void;

/** Runs `preload` with a `require` that knows nothing but `electron`. */
export function isolatedWorld(preload: (require: (name: string) => unknown, process: unknown) => void): void {
  const send = (message: unknown) => standinSend(JSON.stringify(message));
  const tell = (name: string, detail: unknown) =>
    document.dispatchEvent(new CustomEvent(name, { detail: JSON.stringify(detail) }));
  const listeners = new Map<string, Set<Anything>>();
  const pending = new Map<number, Anything[]>();
  const ports = new Map<number, MessagePort>();
  const functions: Anything[] = [];
  let nextId = 1;
  const openPort = (port: number) => {
    const { port1, port2 } = new MessageChannel();
    // Only text crosses here: what the studio sends as bytes is covered by the transport tests.
    port1.onmessage = (event) => send({ port, data: event.data as string, closed: false });
    port1.addEventListener('close', () => send({ port, closed: true }));
    ports.set(port, port1);
    return port2;
  };
  const standin = {
    emit(channel: string, input: unknown[], ids: number[]) {
      const event = { ports: ids.map(openPort) };
      for (const listener of listeners.get(channel) ?? []) listener(event, ...input);
    },
    settle: (id: number, value: unknown, error: string | null) =>
      pending.get(id)?.[error === null ? 0 : 1]?.(error === null ? value : new Error(error)),
    port(id: number, data: unknown, closed: boolean) {
      if (closed) ports.get(id)?.close();
      else ports.get(id)?.postMessage(data);
    },
  };
  const ipcRenderer = {
    send: (channel: string, ...input: unknown[]) => send({ channel, input }),
    invoke: (channel: string, ...input: unknown[]) =>
      new Promise((resolve, reject) => {
        pending.set(nextId, [resolve, reject]);
        send({ invoke: nextId++, channel, input });
      }),
    on: (channel: string, listener: Anything) =>
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener)),
    removeListener: (channel: string, listener: Anything) => listeners.get(channel)?.delete(listener),
  };
  const describe = (value: unknown): Described => {
    if (typeof value === 'function') return { f: functions.push(value as Anything) - 1 };
    if (typeof value !== 'object' || value === null) return { v: value };
    return { o: Object.fromEntries(Object.entries(value).map(([key, part]) => [key, describe(part)])) };
  };
  const back = (f: number | undefined, ...given: unknown[]) => tell('standin-callback', { f, given });
  document.addEventListener('standin-call', (event) => {
    const { f, input, settle } = JSON.parse((event as CustomEvent<string>).detail) as Call;
    const given = input.map((part) => (part.f === undefined ? part.v : back.bind(null, part.f)));
    const value = functions[f]?.(...given);
    if (!(value instanceof Promise)) return tell('standin-result', describe(value));
    value.then(back.bind(null, settle), (error: Error) => back(settle + 1, error.message));
    tell('standin-result', { p: true });
  });
  const contextBridge = {
    exposeInMainWorld(name: string, value: unknown) {
      const expose = () => tell('standin-expose', { name, value: describe(value) });
      // Whichever world runs first, the page's own scripts run after both.
      document.addEventListener('standin-ready', expose);
      expose();
    },
  };
  Object.assign(globalThis, { standin });
  const require = (name: string) => {
    if (name === 'electron') return { ipcRenderer, contextBridge };
    throw new Error(`A sandboxed preload cannot require ${name}`);
  };
  preload(require, { platform: 'linux' });
}

export function pageWorld(): void {
  const on = <T>(name: string, listener: (detail: T) => void) =>
    document.addEventListener(name, (event) =>
      listener(JSON.parse((event as CustomEvent).detail as string) as T),
    );
  const callbacks: Anything[] = [];
  let result: Described = {};
  on<Described>('standin-result', (described) => void (result = described));
  on<{ f: number; given: unknown[] }>('standin-callback', ({ f, given }) => callbacks[f]?.(...given));
  const pass = (one: unknown) =>
    typeof one === 'function' ? { f: callbacks.push(one as Anything) - 1 } : { v: one };
  const call = (f: number, ...given: unknown[]) => {
    const input = given.map(pass);
    const promise = new Promise((resolve, reject) =>
      callbacks.push(resolve, (text) => reject(new Error(String(text)))),
    );
    const detail = JSON.stringify({ f, input, settle: callbacks.length - 2 });
    document.dispatchEvent(new CustomEvent('standin-call', { detail }));
    return result.p ? promise : build(result);
  };
  const build = ({ v, f, o }: Described): unknown => {
    if (f !== undefined) return call.bind(null, f);
    if (!o) return v;
    return Object.freeze(Object.fromEntries(Object.entries(o).map(([key, part]) => [key, build(part)])));
  };
  on<{ name: string; value: Described }>('standin-expose', ({ name, value }) => {
    Object.defineProperty(window, name, { value: build(value), writable: false, configurable: false });
  });
  document.dispatchEvent(new Event('standin-ready'));
}
