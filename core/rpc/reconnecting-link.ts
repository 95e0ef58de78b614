// A link that outlives its channels: opens the next one when one closes, with growing pauses.
// Calls made before the first channel wait for it; calls made while the connection is lost fail at once.
// Streams are not resumed here: whoever reads one starts it again, with its cursor, when `epoch` changes.
import type { Channel } from './channel.ts';
import { type ChannelLink, channelLink, type Link } from './client.ts';
import { connectionLost } from './client-errors.ts';
import { createObservable, type Observable } from './observable.ts';

export type ConnectionState =
  | { readonly kind: 'connecting' }
  /** `epoch` grows with every connection: streams start again when it changes. */
  | { readonly kind: 'connected'; readonly epoch: number; readonly sinceMs: number }
  | { readonly kind: 'lost'; readonly sinceMs: number; readonly reason: string };

export interface ReconnectingLink extends Link {
  readonly state: Observable<ConnectionState>;
  /** Tries again now instead of at the end of the pause. */
  retry(): void;
  close(): void;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5000;

/** `open` resolves with a channel that is ready to send, or throws with a reason a person can read. */
export function reconnectingLink(open: () => Promise<Channel>): ReconnectingLink {
  const state = createObservable<ConnectionState>({ kind: 'connecting' });
  let link: ChannelLink | undefined;
  let epoch = 0;
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let opening = false;
  let ended = false;

  const lose = (reason: string) => {
    link = undefined;
    if (ended) return;
    const before = state.get();
    state.set({ kind: 'lost', sinceMs: before.kind === 'lost' ? before.sinceMs : Date.now(), reason });
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempts);
    attempts += 1;
    timer = setTimeout(() => void connect(), pauseMs);
  };

  const connect = async () => {
    if (opening || link || ended) return;
    opening = true;
    clearTimeout(timer);
    try {
      const channel = await open();
      opening = false;
      if (ended) return channel.close();
      link = channelLink(channel, () => lose('The connection to the studio core closed'));
      attempts = 0;
      epoch += 1;
      state.set({ kind: 'connected', epoch, sinceMs: Date.now() });
    } catch (error) {
      opening = false;
      lose(error instanceof Error ? error.message : String(error));
    }
  };

  void connect();
  return {
    state,
    retry: () => void connect(),
    close() {
      ended = true;
      clearTimeout(timer);
      link?.close();
    },
    async call(path, input, options) {
      if (state.get().kind === 'connecting') await untilDecided(state, options.signal);
      if (!link) throw connectionLost();
      return await link.call(path, input, options);
    },
  };
}

/** Waits until the first attempt succeeded or failed, or the caller gave up. */
function untilDecided(state: Observable<ConnectionState>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (state.get().kind === 'connecting' && !signal?.aborted) return;
      unsubscribe();
      signal?.removeEventListener('abort', check);
      resolve();
    };
    const unsubscribe = state.subscribe(check);
    signal?.addEventListener('abort', check);
    check();
  });
}
