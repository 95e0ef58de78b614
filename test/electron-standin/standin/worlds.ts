// The two scripts of a page: the preload's isolated world (ipcRenderer, contextBridge) and its mirror in the
// page's own world. They reach the browser as text; synchronous events carry JSON between the worlds.
type Described = { v?: unknown; f?: number; p?: number; o?: Record<string, Described> };
type Anything = (...input: unknown[]) => unknown;
type Settle = { resolve(value: unknown): void; reject(error: Error): void };

declare function standinSend(text: string): void;

/** Runs `preload` with a `require` that knows nothing but `electron`. */
export function isolatedWorld(preload: (require: (name: string) => unknown, process: unknown) => void): void {
  const send = (message: unknown) => standinSend(JSON.stringify(message));
  const tell = (name: string, detail: unknown) =>
    document.dispatchEvent(new CustomEvent(name, { detail: JSON.stringify(detail) }));
  const listeners = new Map<string, Set<Anything>>();
  const pending = new Map<number, Settle>();
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
    settle(id: number, value: unknown, error: string | null) {
      if (error === null) pending.get(id)?.resolve(value);
      else pending.get(id)?.reject(new Error(error));
    },
    port(id: number, data: unknown, closed: boolean) {
      if (closed) ports.get(id)?.close();
      else ports.get(id)?.postMessage(data);
    },
  };
  const ipcRenderer = {
    send: (channel: string, ...input: unknown[]) => send({ channel, input }),
    invoke: (channel: string, ...input: unknown[]) =>
      new Promise((resolve, reject) => {
        pending.set(nextId, { resolve, reject });
        send({ invoke: nextId++, channel, input });
      }),
    on: (channel: string, listener: Anything) =>
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener)),
    removeListener: (channel: string, listener: Anything) => listeners.get(channel)?.delete(listener),
  };
  const describe = (value: unknown): Described => {
    if (typeof value === 'function') return { f: functions.push(value as Anything) - 1 };
    if (value instanceof Promise) {
      const p = nextId++;
      const settle = (result: unknown, error?: string) => tell('standin-settle', { p, result, error });
      value.then(settle, (error: Error) => settle(null, error.message));
      return { p };
    }
    if (typeof value !== 'object' || value === null) return { v: value };
    return { o: Object.fromEntries(Object.entries(value).map(([key, part]) => [key, describe(part)])) };
  };
  document.addEventListener('standin-call', (event) => {
    const { f, input } = JSON.parse((event as CustomEvent<string>).detail) as {
      f: number;
      input: Described[];
    };
    const back =
      (part: Described) =>
      (...given: unknown[]) =>
        tell('standin-callback', { f: part.f, given });
    tell(
      'standin-result',
      describe(functions[f]?.(...input.map((part) => (part.f === undefined ? part.v : back(part))))),
    );
  });
  const contextBridge = {
    exposeInMainWorld(name: string, value: unknown) {
      const expose = () => tell('standin-expose', { name, value: describe(value) });
      // Whichever world runs first, the page's own scripts run after both.
      document.addEventListener('standin-ready', expose);
      expose();
    },
  };
  const get = (target: object, key: PropertyKey) => {
    if (key in target) return Reflect.get(target, key) as unknown;
    throw new Error(`The stand-in has no ${String(key)}`);
  };
  const electron = {
    ipcRenderer: new Proxy(ipcRenderer, { get }),
    contextBridge: new Proxy(contextBridge, { get }),
  };
  Object.assign(globalThis, { standin });
  preload(
    (name) => {
      if (name === 'electron') return electron;
      throw new Error(`A sandboxed preload cannot require ${name}`);
    },
    { platform: 'linux' },
  );
}

export function pageWorld(): void {
  const on = <T>(name: string, listener: (detail: T) => void) =>
    document.addEventListener(name, (event) =>
      listener(JSON.parse((event as CustomEvent<string>).detail) as T),
    );
  const promises = new Map<number, Settle>();
  const callbacks: Anything[] = [];
  let result: Described = {};
  on<Described>('standin-result', (described) => {
    result = described;
  });
  on<{ p: number; result?: unknown; error?: string }>('standin-settle', ({ p, result: value, error }) => {
    if (error === undefined) promises.get(p)?.resolve(value);
    else promises.get(p)?.reject(new Error(error));
  });
  on<{ f: number; given: unknown[] }>('standin-callback', ({ f, given }) => callbacks[f]?.(...given));
  const call = (f: number, given: unknown[]) => {
    const input = given.map((one) =>
      typeof one === 'function' ? { f: callbacks.push(one as Anything) - 1 } : { v: one },
    );
    document.dispatchEvent(new CustomEvent('standin-call', { detail: JSON.stringify({ f, input }) }));
    return build(result);
  };
  const build = ({ v, f, p, o }: Described): unknown => {
    if (p !== undefined) return new Promise((resolve, reject) => promises.set(p, { resolve, reject }));
    if (f !== undefined) return (...given: unknown[]) => call(f, given);
    if (!o) return v;
    return Object.freeze(Object.fromEntries(Object.entries(o).map(([key, part]) => [key, build(part)])));
  };
  on<{ name: string; value: Described }>('standin-expose', ({ name, value }) => {
    Object.defineProperty(window, name, { value: build(value), writable: false, configurable: false });
  });
  document.dispatchEvent(new Event('standin-ready'));
}
