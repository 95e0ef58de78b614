// A hub on this computer that speaks what a download needs: the list of files, their bytes by range, a redirect to another host for
// large ones, tokens, and the ways a download goes wrong.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SmallHub {
  readonly endpoint: string;
  /** Method, path, range and whether a token came, in order. */
  readonly requests: { path: string; range: string | null; token: string | null; host: 'hub' | 'storage' }[];
  /** Breaks the next file answer off after so many bytes. */
  breakAfter(bytes: number): void;
  /** Answers so many file requests with this status. */
  failWith(status: number, times: number): void;
  /** Answers ranges with the whole file. */
  ignoreRanges: boolean;
  /** Closes a connection when a second request comes over it. */
  closesKept: boolean;
  [Symbol.asyncDispose](): Promise<void>;
}

/** `files` of owner/name; those above 10 kB are large ones. `damaged`: arrives with other bytes than its hash. */
export async function startSmallHub(options: {
  readonly id: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly token?: string;
  readonly damaged?: string;
  /** A model unless it is said. */
  readonly kind?: 'models' | 'datasets';
}): Promise<SmallHub> {
  const revision = 'a'.repeat(40);
  const state = { breakAfter: Number.POSITIVE_INFINITY, status: 0, times: 0 };
  const requests: SmallHub['requests'] = [];
  const contents = (path: string): Uint8Array | undefined => {
    const bytes = options.files[path];
    return bytes && path === options.damaged ? bytes.map((byte, at) => (at === 5 ? byte ^ 1 : byte)) : bytes;
  };

  const used = new WeakSet<object>();
  /** Whether the connection is closed instead of answered. */
  const closes = ({ socket }: IncomingMessage): boolean => {
    const isKept = used.has(socket);
    used.add(socket);
    if (isKept && hub.closesKept) socket.destroy();
    return socket.destroyed;
  };
  const note = (request: IncomingMessage, host: 'hub' | 'storage'): void => {
    const { range, authorization } = request.headers;
    requests.push({
      path: request.url ?? '',
      range: range ?? null,
      token: authorization?.replace('Bearer ', '') ?? null,
      host,
    });
  };
  const sendFile = (request: IncomingMessage, response: ServerResponse, path: string): void => {
    const bytes = contents(path);
    if (!bytes) return void response.writeHead(404).end();
    if (state.times > 0) {
      state.times -= 1;
      return void response.writeHead(state.status).end();
    }
    const start = hub.ignoreRanges ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = bytes.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': rest.length,
      ...(start > 0 ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    if (rest.length <= state.breakAfter) return void response.end(rest);
    const part = rest.subarray(0, state.breakAfter);
    state.breakAfter = Number.POSITIVE_INFINITY;
    response.write(part, () => setTimeout(() => response.destroy(), 300));
  };

  const storage = createServer((request, response) => {
    if (closes(request)) return;
    note(request, 'storage');
    sendFile(request, response, (request.url ?? '').slice(1));
  });
  await listen(storage);
  const server = createServer((request, response) => {
    if (closes(request)) return;
    note(request, 'hub');
    const url = new URL(request.url ?? '', 'http://hub');
    if (options.token !== undefined && request.headers.authorization !== `Bearer ${options.token}`) {
      return void response.writeHead(401).end();
    }
    if (url.pathname === `/api/${options.kind ?? 'models'}/${options.id}/revision/main`) {
      const siblings = Object.entries(options.files).map(([rfilename, bytes]) => ({
        rfilename,
        size: bytes.length,
        blobId: createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex'),
        ...(bytes.length > 10_000
          ? {
              lfs: {
                sha256: createHash('sha256').update(bytes).digest('hex'),
                size: bytes.length,
                pointerSize: 130,
              },
            }
          : {}),
      }));
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ id: options.id, sha: revision, siblings }));
    }
    const before = options.kind === 'datasets' ? '/datasets' : '';
    const path = url.pathname.replace(`${before}/${options.id}/resolve/${revision}/`, '');
    if (path === url.pathname) return void response.writeHead(404).end();
    if ((options.files[path]?.length ?? 0) > 10_000) {
      const { port } = storage.address() as AddressInfo;
      return void response.writeHead(302, { location: `http://localhost:${port}/${path}` }).end();
    }
    sendFile(request, response, path);
  });
  await listen(server);

  const hub: SmallHub = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    ignoreRanges: false,
    closesKept: false,
    breakAfter: (bytes) => void (state.breakAfter = bytes),
    failWith(status, times) {
      state.status = status;
      state.times = times;
    },
    async [Symbol.asyncDispose]() {
      for (const one of [server, storage]) {
        one.closeAllConnections();
        await new Promise((resolve) => one.close(resolve));
      }
    },
  };
  return hub;
}

const listen = (server: Server): Promise<void> => new Promise((resolve) => server.listen(0, () => resolve()));
