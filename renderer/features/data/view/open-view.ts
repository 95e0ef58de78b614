// The rows of a view, found by core: progress, their number, and an id to page them by. The reader pane finds it by the file.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { OpenViewEvent } from '../../../../core/api/dataset-rows.ts';
import { type DatasetView, isWhole, viewText } from '../../../../core/lib/datasets/view.ts';
import { useClient } from '../../../app/session.ts';
import { useStream } from '../../../app/use-stream.ts';
import { useDecodingTokenizer } from '../reader/use-tokenizers.ts';

export interface FoundRows {
  readonly viewId: string;
  readonly rows: number;
}

export type ViewOpening =
  | { readonly kind: 'whole' }
  | { readonly kind: 'opening'; readonly doneRows: number; readonly totalRows: number }
  | ({ readonly kind: 'ready' } & FoundRows)
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: unknown };

const foundRows = createStore<{ readonly byPath: Readonly<Record<string, FoundRows>> }>(() => ({
  byPath: {},
}));

function publish(path: string, found: FoundRows | null): void {
  foundRows.setState(({ byPath }) => {
    const others = Object.entries(byPath).filter(([name]) => name !== path);
    return { byPath: Object.fromEntries(found === null ? others : [...others, [path, found]]) };
  });
}

/** The view that is open on a file; null while all its rows are shown. */
export function useFoundRows(path: string): FoundRows | null {
  return useStore(foundRows, ({ byPath }) => byPath[path] ?? null);
}

export function useOpenView(
  path: string,
  view: DatasetView,
): { readonly opening: ViewOpening; restart(): void; cancel(): void } {
  const client = useClient();
  const [chosen] = useDecodingTokenizer(path);
  // Only a search looks at decoded text.
  const tokenizer = view.search === '' ? '' : chosen;
  const key = isWhole(view) ? null : `${path}\n${tokenizer}\n${viewText(view)}`;
  const [cancelled, setCancelled] = useState<string | null>(null);
  const [newest, setNewest] = useState<{ readonly key: string; readonly event: OpenViewEvent } | null>(null);
  const isCancelled = cancelled !== null && cancelled === key;
  const { state, restart } = useStream<OpenViewEvent>({
    key: isCancelled ? null : key,
    open: (core, signal) =>
      core.datasets.openView({ path, view, ...(tokenizer === '' ? {} : { tokenizer }) }, { signal }),
    onItem: (event) => setNewest(key === null ? null : { key, event }),
  });
  const event = newest !== null && newest.key === key ? newest.event : null;
  const ready = event?.kind === 'ready' ? event : null;
  const viewId = ready?.viewId ?? null;
  const rows = ready?.rows ?? 0;
  useEffect(() => {
    if (viewId === null) return;
    publish(path, { viewId, rows });
    return () => {
      publish(path, null);
      // What is not closed makes room for others by itself.
      client.datasets.closeView({ viewId }).catch(() => undefined);
    };
  }, [client, path, viewId, rows]);

  const opening = ((): ViewOpening => {
    if (key === null) return { kind: 'whole' };
    if (isCancelled) return { kind: 'cancelled' };
    if (state.kind === 'failed') return state;
    if (ready !== null) return ready;
    return event?.kind === 'progress'
      ? { ...event, kind: 'opening' }
      : { kind: 'opening', doneRows: 0, totalRows: 0 };
  })();
  return {
    opening,
    restart: () => {
      setCancelled(null);
      setNewest(null);
      restart();
    },
    cancel: () => setCancelled(key),
  };
}
