// A set of listeners with an async-iterator view whose queue keeps only the newest value per key:
// a slow reader sees fewer, later states and never an unbounded backlog.

export interface SignalBus<T> {
  emit(value: T): void;
  subscribe(listener: (value: T) => void): () => void;
  readonly listenerCount: number;
}

export function createSignalBus<T>(): SignalBus<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    emit(value) {
      for (const listener of Array.from(listeners)) listener(value);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get listenerCount() {
      return listeners.size;
    },
  };
}

export interface StreamOptions<T> {
  readonly signal: AbortSignal | undefined;
  /** Values with the same key replace each other while they wait. */
  readonly keyOf: (value: T) => string;
  /** How two waiting values of one key become one; the newer wins when absent. */
  readonly merge?: (older: T, newer: T) => T;
  /** Least time between two deliveries, ms. */
  readonly intervalMs?: number;
}

/** Yields what the bus emits until `signal` aborts. Ends (without error) on abort. */
export async function* streamOf<T>(bus: SignalBus<T>, options: StreamOptions<T>): AsyncGenerator<T, void> {
  const { signal, keyOf, merge, intervalMs = 0 } = options;
  const waiting = new Map<string, T>();
  let wake: (() => void) | undefined;
  const unsubscribe = bus.subscribe((value) => {
    const key = keyOf(value);
    const older = waiting.get(key);
    waiting.set(key, older !== undefined && merge ? merge(older, value) : value);
    wake?.();
  });
  const onAbort = () => wake?.();
  signal?.addEventListener('abort', onAbort);
  try {
    while (!signal?.aborted) {
      if (waiting.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
        continue;
      }
      const batch = [...waiting.values()];
      waiting.clear();
      for (const value of batch) yield value;
      if (intervalMs > 0) await delay(intervalMs, signal);
    }
  } finally {
    unsubscribe();
    signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * What `first` says now, then what the bus emits until `signal` aborts or the reader leaves. It listens before `first` is asked, so that
 * no change falls between the two.
 */
export async function* streamAfter<T>(
  bus: SignalBus<T>,
  first: () => readonly T[] | Promise<readonly T[]>,
  options: StreamOptions<T>,
): AsyncGenerator<T, void> {
  const left = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal;
  const later = streamOf(bus, { ...options, signal });
  try {
    // A generator listens from its first call on.
    const next = later.next();
    yield* await first();
    const result = await next;
    if (result.done) return;
    yield result.value;
    yield* later;
  } finally {
    // The first wakes it where it waits, the second ends it where it has handed over a value.
    left.abort();
    await later.return();
  }
}

function delay(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
    if (signal?.aborted) done();
  });
}
