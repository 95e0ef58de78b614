// The three ways a client reaches a router, each with a way to cut the line and to send garbage down it.
import { MessageChannel } from 'node:worker_threads';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { channelLink, createClient } from '../../../core/rpc/client.ts';
import { messagePortChannel } from '../../../core/rpc/message-port-channel.ts';
import { routerLink } from '../../../core/rpc/router-link.ts';
import { serveChannel } from '../../../core/rpc/serve-channel.ts';
import { webSocketChannel } from '../../../core/rpc/web-socket-channel.ts';
import { createSmallRouter, type Record, type SmallClient } from './small-router.ts';

export interface Setup extends AsyncDisposable {
  readonly client: SmallClient;
  readonly record: Record;
  /** What the serving end called a breach of the protocol. */
  readonly problems: unknown[];
  /** Null where there is no line (memory). */
  readonly line: { cut(): void; sendRaw(frame: unknown): void; readonly closed: Promise<void> } | null;
}

export const MAX_TEST_FRAME_BYTES = 2 * 1024 * 1024;

export const transports: { readonly [name: string]: () => Promise<Setup> } = {
  memory: async () => {
    const { router, record } = createSmallRouter();
    const client = createClient<SmallClient>(routerLink(router, {}));
    return { client, record, problems: [], line: null, [Symbol.asyncDispose]: async () => {} };
  },

  MessagePort: async () => {
    const { router, record } = createSmallRouter();
    const problems: unknown[] = [];
    const { port1, port2 } = new MessageChannel();
    const closed = once(port2, 'close').then(() => {});
    serveChannel(router, {}, messagePortChannel(port1), { onProblem: (error) => problems.push(error) });
    const link = channelLink(messagePortChannel(port2));
    return {
      client: createClient<SmallClient>(link),
      record,
      problems,
      line: { cut: () => port2.close(), sendRaw: (frame) => port2.postMessage(frame), closed },
      [Symbol.asyncDispose]: async () => port2.close(),
    };
  },

  WebSocket: async () => {
    const { router, record } = createSmallRouter();
    const problems: unknown[] = [];
    const server = createServer();
    const webSockets = new WebSocketServer({ server, maxPayload: MAX_TEST_FRAME_BYTES });
    webSockets.on('connection', (socket) => {
      serveChannel(router, {}, webSocketChannel(socket), { onProblem: (error) => problems.push(error) });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      maxPayload: 0,
    });
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    await once(socket, 'open');
    const link = channelLink(webSocketChannel(socket));
    return {
      client: createClient<SmallClient>(link),
      record,
      problems,
      line: { cut: () => socket.terminate(), sendRaw: (frame) => socket.send(frame as string), closed },
      async [Symbol.asyncDispose]() {
        socket.terminate();
        webSockets.close();
        server.close();
        await once(server, 'close');
      },
    };
  },
};
