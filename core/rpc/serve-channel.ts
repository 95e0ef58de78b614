// The serving end of a channel: frames become calls of a router. A frame that is not of the protocol
// closes the channel and nothing else; every call still running on it is aborted.
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer';
import { StandardRPCHandler } from '@orpc/server/standard';
import type { Context, Router } from '@orpc/server';
import { ServerPeer } from '@orpc/standard-server-peer';
import type { Channel, Frame } from './channel.ts';
import { connectionClosed } from './connection-closed.ts';

/** A window has tens of calls open at once; thousands mean a loop or an attack. */
const MAX_OPEN_CALLS = 2000;

export interface ServedChannel {
  /** Aborts the calls of this channel and closes it. */
  close(): void;
}

export interface ServeChannelOptions {
  /** Told once when the other side broke the protocol; the channel is closed by then. */
  readonly onProblem?: (error: unknown) => void;
  readonly onClosed?: () => void;
}

// biome-ignore format: one line reads better
// oxlint-disable-next-line typescript/no-explicit-any -- the library names "any router" this way
export function serveChannel<T extends Context>(router: Router<any, T>, context: T, channel: Channel, options: ServeChannelOptions = {}): ServedChannel {
  const handler = new StandardRPCHandler<T>(router, {});
  const handle = createServerPeerHandleRequestFn(handler, { context } as never);
  const peer = new ServerPeer((frame) => channel.send(frame));
  const fail = (error: unknown) => {
    options.onProblem?.(error);
    channel.close();
  };
  channel.listen({
    message(frame) {
      if (!isFrame(frame)) return fail(new TypeError('A frame must be text or bytes'));
      if (peer.length > MAX_OPEN_CALLS) return fail(new RangeError('Too many calls are open'));
      peer.message(frame, handle).catch(fail);
    },
    closed() {
      peer.close({ reason: connectionClosed() });
      options.onClosed?.();
    },
  });
  return { close: () => channel.close() };
}

function isFrame(value: unknown): value is Frame {
  return typeof value === 'string' || value instanceof ArrayBuffer || value instanceof Uint8Array;
}
