// One stream of core for all components that look at the same thing: opened with the first of them, closed after the last. What
// changes all the time reaches them together, once a second.
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { StudioClient } from '../../core/api/contract.ts';
import { isAbort } from './describe-error.ts';
import { onBeat } from './live-beat.ts';
import { useClient, useConnection, useWorkspace } from './session.ts';
import type { StreamState } from './use-stream.ts';

/** Fifty live runs change seven times a second; nobody reads faster than this. */
const TOGETHER_MS = 1_000;
/** Components come and go with a click: nothing is asked anew for that. */
const LINGER_MS = 2_000;

export interface Shared<Value> {
  readonly value: Value;
  readonly state: StreamState;
}

export interface SharedStreamOptions<Item, Value> {
  open(client: StudioClient, signal: AbortSignal): Promise<AsyncIterable<Item>>;
  readonly initial: Value;
  apply(value: Value, item: Item): Value;
  /** Whether this is to be seen at once, and not together with what else changes. */
  isUrgent(value: Value, item: Item): boolean;
}

/**
 * A hook; every component that calls it shares the stream of the open workspace. With `keep`, which is told what the component has
 * seen and what there is now, it is only drawn again for what concerns it.
 */
export function createSharedStream<Item, Value>(
  options: SharedStreamOptions<Item, Value>,
): (keep?: (seen: Value, now: Value) => boolean) => Shared<Value> & { restart(): void } {
  const feeds = new WeakMap<StudioClient, Map<string, SharedFeed<Value>>>();
  const feedOf = (client: StudioClient, path: string): SharedFeed<Value> => {
    const known = feeds.get(client) ?? new Map<string, SharedFeed<Value>>();
    feeds.set(client, known);
    const feed = known.get(path) ?? createFeed(client, options, () => known.delete(path));
    known.set(path, feed);
    return feed;
  };
  return (keep) => {
    const seen = useRef<Shared<Value> | null>(null);
    const client = useClient();
    const { path } = useWorkspace();
    const connection = useConnection();
    const epoch = connection.kind === 'connected' ? connection.epoch : null;
    const feed = feedOf(client, path);
    const { value, state } = useSyncExternalStore(feed.subscribe, () => {
      const now = feed.get();
      const before = seen.current;
      if (before && before.state.kind === now.state.kind && keep?.(before.value, now.value)) return before;
      seen.current = now;
      return now;
    });
    useEffect(() => {
      if (epoch !== null) feed.follow(epoch);
    }, [feed, epoch]);
    return { value, state, restart: feed.restart };
  };
}

interface SharedFeed<Value> {
  get(): Shared<Value>;
  subscribe(listener: () => void): () => void;
  /** Of this connection; once for each. */
  follow(epoch: number): void;
  restart(): void;
}

function createFeed<Item, Value>(
  client: StudioClient,
  { open, initial, apply, isUrgent }: SharedStreamOptions<Item, Value>,
  onEnd: () => void,
): SharedFeed<Value> {
  const listeners = new Set<() => void>();
  let shown: Shared<Value> = { value: initial, state: { kind: 'waiting' } };
  let value = initial;
  let state: StreamState = shown.state;
  let callOff: (() => void) | undefined;
  let reading: { readonly epoch: number; readonly controller: AbortController } | null = null;

  const show = (): void => {
    callOff?.();
    callOff = undefined;
    shown = { value, state };
    for (const listener of listeners) listener();
  };
  const become = (next: StreamState): void => {
    state = next;
    show();
  };
  const take = (item: Item): void => {
    const urgent = state.kind !== 'live' || isUrgent(value, item);
    state = state.kind === 'live' ? state : { kind: 'live' };
    value = apply(value, item);
    if (urgent) show();
    else callOff ??= onBeat(show, TOGETHER_MS);
  };
  const read = async (signal: AbortSignal): Promise<void> => {
    try {
      for await (const item of await open(client, signal)) {
        if (signal.aborted) return;
        take(item);
      }
      if (!signal.aborted) become({ kind: 'ended' });
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) become({ kind: 'failed', error });
    }
  };
  const start = (epoch: number): void => {
    reading?.controller.abort();
    const controller = new AbortController();
    reading = { epoch, controller };
    state = { kind: 'waiting' };
    void read(controller.signal);
  };
  const endIfUnused = (): void => {
    if (listeners.size > 0) return;
    callOff?.();
    callOff = undefined;
    reading?.controller.abort();
    reading = null;
    onEnd();
  };

  return {
    get: () => shown,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) setTimeout(endIfUnused, LINGER_MS);
      };
    },
    follow(epoch) {
      if (reading?.epoch !== epoch) start(epoch);
    },
    restart() {
      if (reading) start(reading.epoch);
    },
  };
}
