// The leaderboard's answers paired with the baseline's, as core works them out. The view follows the stream; the inspector reads what came.
import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { PairedCell } from '../../../../core/api/evaluation-progress.ts';
import type { PairedLookup } from '../../../../core/lib/evaluations/against-baseline.ts';
import { workspaceKey } from '../../../app/query-keys.ts';
import { useStream } from '../../../app/use-stream.ts';
import type { ResultsPlace } from './place.ts';

interface Paired {
  readonly cells: ReadonlyMap<string, PairedCell>;
  readonly done: number;
  readonly total: number;
}

const cellKey = (model: string, column: string): string => `${model}\n${column}`;
const nothing: Paired = { cells: new Map(), done: 0, total: 0 };

const keyOf = ({ choice, join, allMetrics }: ResultsPlace) =>
  [...workspaceKey, 'evaluation-paired', choice.baseline, join, allMetrics] as const;

/** While it is mounted, pairs are worked out; again when results come (`version`). */
export function usePairing(place: ResultsPlace, version: number | null): void {
  const queries = useQueryClient();
  const { choice, join, allMetrics } = place;
  const { baseline } = choice;
  const key = keyOf(place);
  useStream<{ cells: PairedCell[]; done: number; total: number }>({
    key: baseline === null || version === null ? null : JSON.stringify([key, version]),
    open: (client, signal) => {
      queries.setQueryData<Paired>(key, (known) => ({ ...(known ?? nothing), done: 0, total: 0 }));
      return client.evaluationProgress.paired({ baseline: baseline ?? '', join, allMetrics }, { signal });
    },
    onItem: ({ cells, done, total }) => {
      queries.setQueryData<Paired>(key, (known) => {
        const all = new Map(known?.cells);
        for (const cell of cells) all.set(cellKey(cell.model, cell.column), cell);
        return { cells: all, done, total };
      });
    },
  });
}

export function usePaired(place: ResultsPlace): {
  readonly pairedOf: PairedLookup;
  /** Cells that are yet to be paired. */
  readonly waiting: number;
} {
  const { data = nothing } = useQuery<Paired>({ queryKey: keyOf(place), queryFn: skipToken });
  return useMemo(() => {
    const { cells, done, total } = data;
    return {
      pairedOf: (model, column) => cells.get(cellKey(model, column)) ?? null,
      waiting: total - done,
    };
  }, [data]);
}
