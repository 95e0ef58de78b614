// Opens a dataset: progress while a text format is indexed for the first time, then its columns and row count.
import { useEffect, useState } from 'react';
import type { DatasetInfo, OpenEvent } from '../../../core/api/datasets.ts';
import { useStream } from '../../app/use-stream.ts';

export type Opening =
  | { readonly kind: 'waiting' }
  | {
      readonly kind: 'progress';
      readonly doneBytes: number;
      readonly totalBytes: number;
      readonly rows: number;
    }
  | { readonly kind: 'ready'; readonly dataset: DatasetInfo }
  | { readonly kind: 'failed'; readonly error: unknown };

export function useDataset(path: string | null): { readonly opening: Opening; restart(): void } {
  const [opening, setOpening] = useState<Opening>({ kind: 'waiting' });
  useEffect(() => setOpening({ kind: 'waiting' }), [path]);
  const { state, restart } = useStream<OpenEvent>({
    key: path,
    open: (client, signal) => client.datasets.open({ path: path ?? '' }, { signal }),
    onItem: setOpening,
  });
  return { opening: state.kind === 'failed' ? state : opening, restart };
}
