// The calling end: a typed client over a channel or any other link.
// Every failure is normalised here, also one thrown in the middle of a stream.
import {
  type ClientContext,
  type ClientLink,
  createORPCClient,
  mapEventIterator,
  type NestedClient,
} from '@orpc/client';
import { StandardRPCLink } from '@orpc/client/standard';
import { ClientPeer } from '@orpc/standard-server-peer';
import type { Channel, Frame } from './channel.ts';
import { connectionLost, toClientError } from './client-errors.ts';

export type Link = ClientLink<ClientContext>;

export interface ChannelLink extends Link {
  /** Calls open on the channel fail with UNAVAILABLE. */
  close(): void;
}

/** A link over one channel; it ends with it. `onClosed` is told when the channel closes. */
export function channelLink(channel: Channel, onClosed?: () => void): ChannelLink {
  let isClosed = false;
  const peer = new ClientPeer(async (frame) => {
    if (isClosed) throw connectionLost();
    await channel.send(frame);
  });
  channel.listen({
    message(frame) {
      peer.message(frame as Frame).catch(() => channel.close());
    },
    closed() {
      isClosed = true;
      peer.close({ reason: connectionLost() });
      onClosed?.();
    },
  });
  const link = new StandardRPCLink<ClientContext>(
    {
      async call(request) {
        const response = await peer.request(request);
        return { ...response, body: () => Promise.resolve(response.body) };
      },
    },
    { url: 'http://core' },
  );
  return { call: (path, input, options) => link.call(path, input, options), close: () => channel.close() };
}

/** The typed client of a link; throws StudioError or AbortError and nothing else. */
export function createClient<T extends NestedClient<ClientContext>>(link: Link): T {
  return createORPCClient<T>({
    async call(path, input, options) {
      if (options.signal?.aborted) throw toClientError(undefined, options.signal);
      try {
        const output = await link.call(path, input, options);
        return isStream(output) ? normaliseStream(output, options.signal) : output;
      } catch (error) {
        throw toClientError(error, options.signal);
      }
    },
  });
}

function normaliseStream(stream: AsyncIterator<unknown>, signal: AbortSignal | undefined) {
  return mapEventIterator(stream, {
    async value(value, done) {
      // A source in the same process ends quietly on abort; over a wire the abort is an error. Alike: an error.
      if (done && signal?.aborted) throw toClientError(undefined, signal);
      return value;
    },
    error: async (error) => toClientError(error, signal),
  });
}

function isStream(value: unknown): value is AsyncIterator<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value;
}
