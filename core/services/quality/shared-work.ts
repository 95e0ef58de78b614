// Long work that several callers wait for together: started once, ended when nobody waits any more. Knows nothing of the work.

interface Running<T, P> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  readonly listeners: Set<(progress: P) => void>;
  waiting: number;
}

export interface SharedWork<T, P> {
  /** Joins the work under `key`, or starts it. Rejects when `signal` aborts and the work was given up. */
  join(
    key: string,
    options: {
      readonly signal?: AbortSignal | undefined;
      readonly onProgress?: ((progress: P) => void) | undefined;
    },
    start: (signal: AbortSignal, onProgress: (progress: P) => void) => Promise<T>,
  ): Promise<T>;
}

export function createSharedWork<T, P>(): SharedWork<T, P> {
  const works = new Map<string, Running<T, P>>();
  return {
    async join(key, { signal, onProgress }, start) {
      signal?.throwIfAborted();
      const known = works.get(key);
      // Work that its last caller gave up cannot be joined any more.
      const work = known && !known.controller.signal.aborted ? known : begin(works, key, start);
      const leave = (): void => {
        work.waiting -= 1;
        if (work.waiting === 0) work.controller.abort();
      };
      work.waiting += 1;
      if (onProgress) work.listeners.add(onProgress);
      signal?.addEventListener('abort', leave, { once: true });
      try {
        const result = await work.promise;
        signal?.throwIfAborted();
        return result;
      } finally {
        signal?.removeEventListener('abort', leave);
        if (onProgress) work.listeners.delete(onProgress);
      }
    },
  };
}

function begin<T, P>(
  works: Map<string, Running<T, P>>,
  key: string,
  start: (signal: AbortSignal, onProgress: (progress: P) => void) => Promise<T>,
): Running<T, P> {
  const controller = new AbortController();
  const listeners = new Set<(progress: P) => void>();
  const promise = start(controller.signal, (progress) => {
    for (const listener of listeners) listener(progress);
  }).finally(() => {
    if (works.get(key)?.controller === controller) works.delete(key);
  });
  const work = { promise, controller, listeners, waiting: 0 };
  works.set(key, work);
  return work;
}
