// A TCP proxy that does to a connection what networks do: cuts it, lets it hang, swallows bytes.
import { createServer, connect, type Socket } from 'node:net';

export interface FaultProxy {
  readonly port: number;
  /** Both sides see a reset. */
  cut(): void;
  /** Nothing passes and nothing is told, until `resume`. */
  stall(): void;
  /** Bytes are accepted and thrown away: what is open now never recovers. */
  swallow(): void;
  resume(): void;
  /** Does this, once, as soon as so many more bytes have passed. */
  after(bytes: number, work: () => void): void;
  /** New connections are reset while this is set. */
  refuse: boolean;
  readonly passedBytes: number;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  swallowed: boolean;
}

export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const pairs = new Set<Pair>();
  let stalled = false;
  let passedBytes = 0;
  const proxy = { refuse: false };
  let next: { readonly at: number; readonly work: () => void } | null = null;
  const listener = createServer((client) => {
    client.on('error', () => undefined);
    if (proxy.refuse) {
      client.resetAndDestroy();
      return;
    }
    const server = connect(targetPort, '127.0.0.1');
    const pair: Pair = { client, server, swallowed: false };
    pairs.add(pair);
    const pipe = (from: Socket, to: Socket): void => {
      from.setNoDelay(true);
      from.on('data', (bytes) => {
        if (pair.swallowed) return;
        passedBytes += bytes.length;
        if (next !== null && passedBytes >= next.at) {
          const { work } = next;
          next = null;
          // Not while these bytes are being passed on.
          setImmediate(work);
        }
        if (!to.write(bytes)) {
          from.pause();
          to.once('drain', () => {
            if (!stalled) from.resume();
          });
        }
      });
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    };
    pipe(client, server);
    pipe(server, client);
    if (stalled) for (const socket of [client, server]) socket.pause();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const each = (work: (pair: Pair) => void): void => {
    for (const pair of pairs) work(pair);
  };
  const cut = (): void =>
    each(({ client, server }) => {
      client.resetAndDestroy();
      server.resetAndDestroy();
    });
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut,
    stall() {
      stalled = true;
      each(({ client, server }) => {
        client.pause();
        server.pause();
      });
    },
    swallow() {
      each((pair) => {
        pair.swallowed = true;
      });
    },
    after(bytes, work) {
      next = { at: passedBytes + bytes, work };
    },
    resume() {
      stalled = false;
      each(({ client, server }) => {
        client.resume();
        server.resume();
      });
    },
    get refuse() {
      return proxy.refuse;
    },
    set refuse(value) {
      proxy.refuse = value;
    },
    get passedBytes() {
      return passedBytes;
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise<void>((resolve) => {
        listener.close(() => resolve());
      });
    },
  };
}
