// `nesso serve`: the built window over HTTP and core over a WebSocket, for one user.
// Loopback unless told otherwise; everything but the one-time entry needs the cookie or the token.
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { join } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import { StudioError } from './api/errors.ts';
import type { Core } from './core.ts';
import { serveChannel } from './rpc/serve-channel.ts';
import { webSocketChannel } from './rpc/web-socket-channel.ts';
import { type Access, openAccess } from './services/host/access-token.ts';
import { PAGE_HEADERS } from './services/host/page-headers.ts';
import { createRequestGuard, isLoopback, type RequestGuard } from './services/host/request-guard.ts';
import { findStaticFile } from './services/host/static-files.ts';
import { toStudioError } from './services/system-errors.ts';

/** A window sends texts of configs (up to 16 MiB, escaped as JSON) and small requests, nothing larger. */
export const MAX_FRAME_BYTES = 40 * 1024 * 1024;
/** Cookies and browser headers stay far below; more is an attack or a mistake. */
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_URL_LENGTH = 2048;
const HEADERS_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 256;
const MAX_SOCKETS = 32;
const PING_INTERVAL_MS = 30_000;

export interface ServerOptions {
  readonly core: Pick<Core, 'router' | 'context'>;
  readonly appFolder: string;
  readonly stateFolder: string;
  readonly host?: string;
  /** 0 chooses a free one. */
  readonly port?: number;
}

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  readonly loopback: boolean;
  readonly tokenPath: string;
  /** An address that lets one browser in, once. */
  createEntryUrl(): string;
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host = '127.0.0.1', port: wantedPort = 0 } = options;
  const guard = createRequestGuard(host);
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_TIMEOUT_MS });
  server.maxConnections = MAX_CONNECTIONS;
  const port = await listen(server, host, wantedPort);
  const access = openAccess(options.stateFolder, port);
  const page = join(options.appFolder, 'out', 'renderer');
  server.on('request', (request, response) => {
    answer(request, response, { guard, access, page }).catch(() => response.destroy());
  });
  const sockets = serveSockets(server, options.core, { guard, access });
  return {
    port,
    loopback: isLoopback(host),
    tokenPath: access.tokenPath,
    createEntryUrl: () => `http://${urlHost(host)}:${port}/open?token=${access.issueCode()}`,
    async [Symbol.asyncDispose]() {
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

interface Door {
  readonly guard: RequestGuard;
  readonly access: Access;
}

function mayEnter({ access }: Door, request: IncomingMessage): boolean {
  return access.acceptsCookie(request.headers.cookie) || access.acceptsBearer(request.headers.authorization);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  door: Door & { readonly page: string },
) {
  const refuse = (status: number, text: string) => {
    response.writeHead(status, {
      ...PAGE_HEADERS,
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
    });
    response.end(`${text}\n`);
  };
  const url = request.url ?? '/';
  const refusal = door.guard.refusal(request.headers, false);
  if (refusal) return refuse(403, refusal);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET is answered here');
  if (url.length > MAX_URL_LENGTH) return refuse(414, 'The address is too long');
  const [path = '/', query = ''] = url.split('?', 2);
  if (path === '/open') return enter(response, door, new URLSearchParams(query).get('token') ?? '');
  if (!mayEnter(door, request)) {
    return refuse(
      401,
      'This address works only after the one-time address that the studio printed.\nStart it again, or press Enter where it runs, for a new one',
    );
  }
  const file = await findStaticFile(door.page, path);
  if (!file) return refuse(404, 'There is no such page');
  response.writeHead(200, {
    ...PAGE_HEADERS,
    'Content-Type': file.contentType,
    'Content-Length': file.sizeBytes,
    'Cache-Control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-store',
  });
  if (request.method === 'HEAD') return response.end();
  const stream = createReadStream(file.path);
  stream.on('error', () => response.destroy());
  response.on('close', () => stream.destroy());
  stream.pipe(response);
}

/** A page of its own instead of a redirect: after one, browsers hold back a strict cookie when a link led here. */
function enter(response: ServerResponse, { access }: Door, code: string): void {
  const cookie = access.redeem(code);
  const headers = {
    ...PAGE_HEADERS,
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
  };
  if (cookie === null) {
    response.writeHead(401, headers);
    response.end(
      '<!doctype html><title>Nesso Studio</title><p>This one-time address was used already or is too old. Start the studio again for a new one.',
    );
    return;
  }
  response.writeHead(200, {
    ...headers,
    'Set-Cookie': `${access.cookieName}=${cookie}; HttpOnly; SameSite=Strict; Path=/`,
  });
  response.end(
    '<!doctype html><title>Nesso Studio</title><link rel="icon" href="/favicon.svg"><meta http-equiv="refresh" content="0;url=/"><p>Opening…',
  );
}

function serveSockets(server: Server, core: ServerOptions['core'], door: Door): { close(): void } {
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refuse = (status: string) => {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    socket.on('error', () => socket.destroy());
    const trusted = door.access.acceptsBearer(request.headers.authorization);
    if (door.guard.refusal(request.headers, !trusted)) return refuse('403 Forbidden');
    if (!mayEnter(door, request)) return refuse('401 Unauthorized');
    if (request.url !== '/rpc') return refuse('404 Not Found');
    if (webSockets.clients.size >= MAX_SOCKETS) return refuse('503 Service Unavailable');
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      keepAlive(webSocket);
      serveChannel(core.router, core.context, webSocketChannel(webSocket));
    });
  });
  return {
    close() {
      for (const client of webSockets.clients) client.terminate();
      webSockets.close();
    },
  };
}

/** Finds a line that went away without saying so (a laptop that slept, a tunnel that broke). */
function keepAlive(socket: WebSocket): void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, PING_INTERVAL_MS);
  timer.unref();
  socket.on('close', () => clearInterval(timer));
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return reject(toStudioError(error));
      const why = error.code === 'EACCES' ? 'may not be used by this user' : 'is taken by another program';
      reject(
        new StudioError('UNAVAILABLE', `Port ${port} ${why}`, {
          hint: 'Choose another with --port, or leave it out',
        }),
      );
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
