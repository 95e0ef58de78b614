// A value that changes and can be watched; fits React's useSyncExternalStore as it is.

export interface Observable<T> {
  /** The value now; the same object until it changes. */
  get(): T;
  /** Returns the function that ends the subscription. */
  subscribe(listener: () => void): () => void;
}

export interface ObservableValue<T> extends Observable<T> {
  set(value: T): void;
}

export function createObservable<T>(initial: T): ObservableValue<T> {
  let current = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of Array.from(listeners)) listener();
    },
  };
}
