// The served host lets in who has the one-time address or the token, and nobody else.
import { mkdtemp, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { StudioClient } from '../../core/api/contract.ts';
import { type Core, createCore } from '../../core/core.ts';
import { channelLink, createClient } from '../../core/rpc/client.ts';
import { webSocketChannel } from '../../core/rpc/web-socket-channel.ts';
import { MAX_FRAME_BYTES, type RunningServer, startServer } from '../../core/server.ts';

let folder: string;
let core: Core;
let server: RunningServer;
let cookie: string;

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A raw request, because `fetch` normalises paths and refuses to set Host. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers }),
      );
    });
    call.on('error', reject).end();
  });
}

/** Resolves with `open`, the HTTP status of a refusal, or throws. */
function tryUpgrade(headers: Record<string, string>, path = '/rpc'): Promise<number | 'open'> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
    socket.on('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', reject);
  });
}

const ownOrigin = () => `http://127.0.0.1:${server.port}`;
const entryPath = () => server.createEntryUrl().slice(ownOrigin().length);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nesso-serve-'));
  const page = join(folder, 'app', 'out', 'renderer');
  await mkdir(join(page, 'assets'), { recursive: true });
  await writeFile(join(page, 'index.html'), '<!doctype html><title>Window</title>');
  await writeFile(join(page, 'assets', 'code-1234.js'), 'export {};');
  await writeFile(join(folder, 'app', 'secret.json'), '{"secret":true}');
  await symlink(join(folder, 'app', 'secret.json'), join(page, 'linked.json'));
  const stateFolder = join(folder, 'state');
  await mkdir(stateFolder);
  core = createCore({ appFolder: join(folder, 'app'), stateFolder, version: '0.0.0', host: 'test' });
  server = await startServer({ core, appFolder: join(folder, 'app'), stateFolder });
  const entered = await get(entryPath());
  cookie = String(entered.headers['set-cookie']).split(';')[0] ?? '';
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await core.dispose();
  await rm(folder, { recursive: true });
});

describe('pages', () => {
  test('need the cookie', async () => {
    expect((await get('/')).status).toBe(401);
    expect((await get('/assets/code-1234.js')).status).toBe(401);
    expect(
      (await get('/', { cookie: cookie.replace(/.$/, (end) => (end === '0' ? '1' : '0')) })).status,
    ).toBe(401);
    expect((await get('/', { cookie })).body).toContain('<title>Window</title>');
  });

  test('come with a strict policy', async () => {
    const { headers } = await get('/', { cookie });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
  });

  test('outside the folder are not found, however the path is written', async () => {
    const paths = [
      '/../../secret.json',
      '/..%2f..%2fsecret.json',
      '/%2e%2e/%2e%2e/secret.json',
      '/assets/../../../secret.json',
      '/..\\..\\secret.json',
      '/%5c..%5csecret.json',
      '//etc/passwd',
      '/linked.json',
      '/%00.js',
      '/%zz.js',
      '/C:/windows/win.ini',
    ];
    for (const path of paths) {
      const { status, body } = await get(path, { cookie });
      expect([path, status]).toEqual([path, 404]);
      expect(body).not.toContain('secret');
    }
  });

  test('are refused to a foreign Host and a foreign Origin', async () => {
    expect((await get('/', { cookie, host: `evil.example:${server.port}` })).status).toBe(403);
    expect((await get('/', { cookie, host: `127.0.0.1.evil.example:${server.port}` })).status).toBe(403);
    expect((await get('/', { cookie, origin: 'https://evil.example' })).status).toBe(403);
    expect((await get(entryPath(), { host: 'evil.example' })).status).toBe(403);
  });

  test('are served through a tunnel that changes the port', async () => {
    const headers = { cookie, host: 'localhost:9999', origin: 'http://localhost:9999' };
    expect((await get('/', headers)).status).toBe(200);
  });

  test('are only read', async () => {
    expect((await get('/', { cookie }, 'POST')).status).toBe(405);
    expect((await get('/', { cookie }, 'DELETE')).status).toBe(405);
    expect((await get(`/${'a'.repeat(3000)}.js`, { cookie })).status).toBe(414);
    expect((await get('/', { cookie, 'x-large': 'a'.repeat(20_000) })).status).toBe(431);
  });
});

describe('the one-time address', () => {
  test('works once and sets a cookie scripts and other sites cannot use', async () => {
    const path = entryPath();
    const first = await get(path);
    expect(first.status).toBe(200);
    expect(String(first.headers['set-cookie'])).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    const second = await get(path);
    expect(second.status).toBe(401);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  test('cannot be guessed', async () => {
    for (const token of ['', 'a', '0'.repeat(64)]) {
      expect((await get(`/open?token=${token}`)).status).toBe(401);
    }
  });

  test('is not the secret, which only the user can read', async () => {
    const info = await stat(server.tokenPath);
    const secret = (await readFile(server.tokenPath, 'utf8')).trim();
    expect(info.mode & 0o777).toBe(0o600);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(server.createEntryUrl()).not.toContain(secret);
    expect((await get(`/open?token=${secret}`)).status).toBe(401);
  });
});

describe('the socket', () => {
  test('opens for the own page with its cookie', async () => {
    expect(await tryUpgrade({ cookie, origin: ownOrigin() })).toBe('open');
  });

  test('is refused without a token, with a wrong one, and without an Origin', async () => {
    expect(await tryUpgrade({ origin: ownOrigin() })).toBe(401);
    expect(await tryUpgrade({ origin: ownOrigin(), cookie: 'nesso=1' })).toBe(401);
    expect(await tryUpgrade({ authorization: `Bearer ${'0'.repeat(64)}` })).toBe(403);
    expect(await tryUpgrade({ cookie })).toBe(403);
  });

  test('is refused to a foreign Origin and a foreign Host, even with the cookie', async () => {
    expect(await tryUpgrade({ cookie, origin: 'https://evil.example' })).toBe(403);
    expect(await tryUpgrade({ cookie, origin: 'null' })).toBe(403);
    const host = `evil.example:${server.port}`;
    expect(await tryUpgrade({ cookie, host, origin: `http://${host}` })).toBe(403);
  });

  test('opens only at its own path', async () => {
    expect(await tryUpgrade({ cookie, origin: ownOrigin() }, '/other')).toBe(404);
  });

  test('closes on a frame over the limit and serves the others on', async () => {
    const headers = { cookie, origin: ownOrigin() };
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers });
    const code = await new Promise<number>((resolve) => {
      socket.on('open', () => socket.send(Buffer.alloc(MAX_FRAME_BYTES + 1)));
      socket.on('close', resolve);
      socket.on('error', () => {});
    });
    expect([1006, 1009]).toContain(code);
    expect(await tryUpgrade(headers)).toBe('open');
  });

  test('reaches core with the token of the file', async () => {
    const secret = (await readFile(server.tokenPath, 'utf8')).trim();
    const headers = { authorization: `Bearer ${secret}` };
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers });
    await new Promise((resolve) => socket.on('open', resolve));
    const client = createClient<StudioClient>(channelLink(webSocketChannel(socket)));
    expect(await client.workspace.current()).toEqual({ workspace: null });
    socket.terminate();
  });
});

test('a taken port is named', async () => {
  const again = startServer({
    core,
    appFolder: folder,
    stateFolder: join(folder, 'state'),
    port: server.port,
  });
  await expect(again).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('taken'),
  });
});
