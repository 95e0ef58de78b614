// The window's connection outlives a serving end that goes away and comes back.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createClient } from '../../core/rpc/client.ts';
import { type ConnectionState, reconnectingLink } from '../../core/rpc/reconnecting-link.ts';
import { serveChannel } from '../../core/rpc/serve-channel.ts';
import { webSocketChannel } from '../../core/rpc/web-socket-channel.ts';
import { createSmallRouter, type SmallClient } from './rpc/small-router.ts';

async function serve(port: number) {
  const { router } = createSmallRouter();
  const server = new WebSocketServer({ port, host: '127.0.0.1' });
  server.on('connection', (socket) => serveChannel(router, {}, webSocketChannel(socket)));
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    async stop() {
      for (const client of server.clients) client.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}

/** As the window opens its socket. */
async function openSocket(port: number) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(socket, 'open');
  return webSocketChannel(socket);
}

async function reach(link: { state: { get(): ConnectionState } }, kind: ConnectionState['kind']) {
  const deadline = Date.now() + 60_000;
  while (link.state.get().kind !== kind) {
    if (Date.now() > deadline) throw new Error(`The connection did not become ${kind}`);
    await sleep(5);
  }
}

test('calls wait for the first connection, fail while it is lost, and work again afterwards', async () => {
  let server = await serve(0);
  const { port } = server;
  const link = reconnectingLink(() => openSocket(port));
  const client = createClient<SmallClient>(link);
  const seen: string[] = [];
  link.state.subscribe(() => seen.push(link.state.get().kind));
  expect(link.state.get()).toEqual({ kind: 'connecting' });
  expect(await client.echo({ text: 'early' })).toEqual({ text: 'early' });
  expect(link.state.get()).toMatchObject({ kind: 'connected', epoch: 1 });

  const running = client.hang();
  await server.stop();
  await expect(running).rejects.toMatchObject({ name: 'StudioError', code: 'UNAVAILABLE' });
  await reach(link, 'lost');
  await expect(client.echo({ text: 'lost' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });

  server = await serve(port);
  await reach(link, 'connected');
  expect(link.state.get()).toMatchObject({ kind: 'connected', epoch: 2 });
  expect(await client.echo({ text: 'again' })).toEqual({ text: 'again' });
  expect(seen).toEqual(['connected', 'lost', 'connected']);
  link.close();
  await server.stop();
});

test('retry does not wait for the end of the pause', async () => {
  let attempts = 0;
  let server: Awaited<ReturnType<typeof serve>> | undefined;
  const link = reconnectingLink(async () => {
    attempts += 1;
    if (!server) throw new Error('Nobody is there');
    return openSocket(server.port);
  });
  // Four failures make the next pause 3.2 s.
  while (attempts < 5) await sleep(20);
  const lost = link.state.get();
  expect(lost).toMatchObject({ kind: 'lost', reason: 'Nobody is there' });
  server = await serve(0);
  link.retry();
  expect(attempts).toBe(6);
  await reach(link, 'connected');
  link.close();
  await server.stop();
});

test('a caller that gives up before there is a connection sees its own abort', async () => {
  const link = reconnectingLink(() => new Promise(() => {}));
  const client = createClient<SmallClient>(link);
  const call = client.echo({ text: 'x' }, { signal: AbortSignal.timeout(50) });
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  link.close();
});
