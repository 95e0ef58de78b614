// Subscribes a component to a stream of core: aborted on unmount, started again after the connection comes back.
// Nothing is replayed: the caller's `open` says where to go on (a cursor), or the stream begins with a snapshot.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { StudioClient } from '../../core/api/contract.ts';
import { isAbort } from './describe-error.ts';
import { useClient, useConnection } from './session.ts';

export type StreamState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface Stream {
  readonly state: StreamState;
  restart(): void;
}

/**
 * `key` names what is streamed (a path, an id): another key is another stream. `key: null` opens none.
 * `onItem` may change between renders. A stream that ends by itself stays ended until `restart` or a new key.
 */
export function useStream<Item>(options: {
  readonly key: string | null;
  open(client: StudioClient, signal: AbortSignal): Promise<AsyncIterable<Item>>;
  onItem(item: Item): void;
}): Stream {
  const client = useClient();
  const connection = useConnection();
  const epoch = connection.kind === 'connected' ? connection.epoch : null;
  const [state, setState] = useState<StreamState>({ kind: 'waiting' });
  const [attempt, setAttempt] = useState(0);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const { key } = options;

  useEffect(() => {
    if (epoch === null || key === null) return;
    const controller = new AbortController();
    const { signal } = controller;
    setState({ kind: 'waiting' });
    const read = async () => {
      try {
        for await (const item of await latest.current.open(client, signal)) {
          if (signal.aborted) return;
          setState((known) => (known.kind === 'live' ? known : { kind: 'live' }));
          latest.current.onItem(item);
        }
        if (!signal.aborted) setState({ kind: 'ended' });
      } catch (error) {
        if (!signal.aborted && !isAbort(error)) setState({ kind: 'failed', error });
      }
    };
    void read();
    return () => controller.abort();
  }, [client, epoch, key, attempt]);

  const restart = useCallback(() => setAttempt((count) => count + 1), []);
  return { state, restart };
}
