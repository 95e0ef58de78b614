// Opens a dataset: progress while a text format is indexed for the first time, then its columns and row count.
import { useEffect, useRef, useState } from 'react';
import type { DatasetInfo } from '../../../core/api/dataset-shape.ts';
import type { OpenEvent } from '../../../core/api/datasets.ts';
import { useStream } from '../../app/use-stream.ts';

export type Opening =
  | { readonly kind: 'waiting' }
  | {
      readonly kind: 'progress';
      readonly doneBytes: number;
      readonly totalBytes: number;
      readonly rows: number;
      readonly elapsedMs: number;
    }
  | { readonly kind: 'ready'; readonly dataset: DatasetInfo }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: unknown };

export function useDataset(path: string | null): {
  readonly opening: Opening;
  restart(): void;
  cancel(): void;
  /** Opens what can be read of a dataset with damaged files. */
  skipDamaged(): void;
} {
  const [opening, setOpening] = useState<Opening>({ kind: 'waiting' });
  const [cancelled, setCancelled] = useState<string | null>(null);
  const isCancelled = cancelled !== null && cancelled === path;
  const startedMs = useRef(0);
  const skipsDamaged = useRef(false);
  useEffect(() => {
    startedMs.current = Date.now();
    skipsDamaged.current = false;
    setOpening({ kind: 'waiting' });
  }, [path]);
  const { state, restart } = useStream<OpenEvent>({
    key: isCancelled ? null : path,
    open: (client, signal) =>
      client.datasets.open({ path: path ?? '', skipDamaged: skipsDamaged.current }, { signal }),
    onItem: (event) =>
      setOpening(event.kind === 'ready' ? event : { ...event, elapsedMs: Date.now() - startedMs.current }),
  });
  return {
    opening: isCancelled ? { kind: 'cancelled' } : state.kind === 'failed' ? state : opening,
    restart: () => {
      setCancelled(null);
      restart();
    },
    cancel: () => setCancelled(path),
    skipDamaged: () => {
      skipsDamaged.current = true;
      restart();
    },
  };
}
