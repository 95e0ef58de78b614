// Long work as a stream: its newest progress whenever the reader is ready for more, then its result. However quick the work is,
// the last thing it said comes before the result.

export interface RowProgress {
  readonly doneRows: number;
  readonly totalRows: number;
}

export async function* progressEvents<T, P extends object = RowProgress>(
  start: (onProgress: (progress: P) => void) => Promise<T>,
): AsyncGenerator<
  ({ readonly kind: 'progress' } & P) | { readonly kind: 'result'; readonly result: T },
  void
> {
  const newest: { progress: P | null; wake: () => void } = {
    progress: null,
    wake: () => undefined,
  };
  const work = start((progress) => {
    newest.progress = progress;
    newest.wake();
  }).then((result) => ({ kind: 'result' as const, result }));
  // The failure is thrown by the await below; this only keeps it from counting as unhandled meanwhile.
  work.catch(() => undefined);
  for (;;) {
    const changed = new Promise<null>((resolve) => {
      newest.wake = () => resolve(null);
    });
    const done = await Promise.race([work, changed]);
    const { progress } = newest;
    newest.progress = null;
    if (progress !== null) yield { kind: 'progress', ...progress };
    if (done !== null) {
      yield done;
      return;
    }
  }
}
