// The only file of the window that knows which host it has: WebSocket to `nesso serve`, kept open across losses.
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { StudioClient } from '../core/api/contract.ts';

export type ConnectionState =
  | { readonly kind: 'connecting' }
  /** `epoch` grows with every connection: streams start again when it changes. */
  | { readonly kind: 'connected'; readonly epoch: number; readonly sinceMs: number }
  | { readonly kind: 'lost'; readonly sinceMs: number; readonly reason: string };

export interface Connection {
  /** Always the same object; calls fail with UNAVAILABLE while the connection is lost. */
  readonly client: StudioClient;
  /** An external store, for `useSyncExternalStore`. */
  readonly state: {
    get(): ConnectionState;
    subscribe(listener: () => void): () => void;
  };
  /** Tries at once instead of waiting for the next attempt. */
  retry(): void;
  /** The host's own folder dialog; absent where the picker has to browse through core. */
  readonly chooseFolder?: () => Promise<string | null>;
}

const RETRY_MS = 1_000;

export function connect(): Connection {
  const listeners = new Set<() => void>();
  let state: ConnectionState = { kind: 'connecting' };
  let link: RPCLink<Record<never, never>> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let epoch = 0;
  const set = (next: ConnectionState) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const open = () => {
    clearTimeout(timer);
    const url = new URL('rpc', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    url.hash = '';
    url.search = '';
    const socket = new WebSocket(url);
    link = new RPCLink({ websocket: socket });
    socket.addEventListener('open', () => {
      epoch += 1;
      set({ kind: 'connected', epoch, sinceMs: Date.now() });
    });
    socket.addEventListener('close', () => {
      if (state.kind !== 'lost')
        set({ kind: 'lost', sinceMs: Date.now(), reason: 'The studio’s core does not answer' });
      timer = setTimeout(open, RETRY_MS);
    });
  };
  open();
  const client: StudioClient = createORPCClient({
    call: (path, input, options) => {
      if (!link) throw new Error('The studio’s core is not connected');
      return link.call(path, input, options);
    },
  });
  return {
    client,
    state: {
      get: () => state,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    retry: () => {
      if (state.kind === 'lost') open();
    },
  };
}
