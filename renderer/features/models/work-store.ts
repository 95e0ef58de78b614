// Long work that outlives the view that started it: how far it is, what came so far, how it ended. One store a kind of work, one
// entry an object. The activity panel can cancel it too.
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { isAbort } from '../../app/describe-error.ts';

export type Work<Result> =
  | { readonly kind: 'working'; readonly share: number; readonly partial: Result | null }
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface WorkControls<Result> {
  readonly signal: AbortSignal;
  onProgress(share: number, partial?: Result): void;
}

export interface WorkStore<Result> {
  /** Null when nothing was started under the key. */
  use(key: string): Work<Result> | null;
  get(key: string): Work<Result> | null;
  /** Does nothing while work of that key runs. */
  start(key: string, run: (controls: WorkControls<Result>) => Promise<Result>): void;
  cancel(key: string): void;
  forget(key: string): void;
}

export function createWorkStore<Result>(): WorkStore<Result> {
  const store = createStore<Readonly<Record<string, Work<Result>>>>(() => ({}));
  const controllers = new Map<string, AbortController>();
  const set = (key: string, work: Work<Result>) => store.setState({ [key]: work });
  const forget = (key: string) => {
    const { [key]: _, ...rest } = store.getState();
    store.setState(rest, true);
  };
  return {
    use: (key) => useStore(store, (all) => all[key] ?? null),
    get: (key) => store.getState()[key] ?? null,
    start(key, run) {
      if (controllers.has(key)) return;
      const controller = new AbortController();
      controllers.set(key, controller);
      set(key, { kind: 'working', share: 0, partial: null });
      const { signal } = controller;
      const work = run({
        signal,
        onProgress(share, partial) {
          const now = store.getState()[key];
          if (signal.aborted || now?.kind !== 'working') return;
          set(key, { kind: 'working', share, partial: partial ?? now.partial });
        },
      });
      work
        .then(
          (result) => set(key, { kind: 'done', result }),
          (error: unknown) =>
            signal.aborted || isAbort(error) ? forget(key) : set(key, { kind: 'failed', error }),
        )
        .finally(() => controllers.delete(key));
    },
    cancel(key) {
      controllers.get(key)?.abort();
    },
    forget,
  };
}

/** The result of a stream that tells its progress first. */
export async function followToResult<Result>(
  events: AsyncIterable<
    | { readonly kind: 'progress'; readonly share: number }
    | { readonly kind: 'result'; readonly result: Result }
  >,
  onProgress: (share: number) => void,
): Promise<Result> {
  for await (const event of events) {
    if (event.kind === 'result') return event.result;
    onProgress(event.share);
  }
  throw new Error('The work ended without a result');
}
