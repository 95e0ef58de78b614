// The models of the same weights, what was measured of them last, and measuring them now.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { DeviceProfile } from '../../../../core/api/generation.ts';
import type { QuantizationRow, QuantizationTable } from '../../../../core/api/quantizations.ts';
import { isAbort } from '../../../app/describe-error.ts';
import { filesKey } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';

export interface Measuring {
  readonly done: number;
  readonly total: number;
  readonly path: string | null;
  readonly what: string;
  readonly rows: readonly QuantizationRow[];
}

const key = [...filesKey, 'quantizations'] as const;

export function useQuantizations(path: string) {
  const client = useClient();
  const queries = useQueryClient();
  const group = useQuery({
    queryKey: [...key, 'group', path],
    queryFn: () => client.quantizations.group({ path }),
  });
  const last = useQuery({
    queryKey: [...key, 'last', path],
    queryFn: () => client.quantizations.last({ path }),
  });
  const [measuring, setMeasuring] = useState<Measuring | null>(null);
  const [table, setTable] = useState<QuantizationTable | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const measure = async (paths: readonly string[], device: DeviceProfile | null) => {
    const own = new AbortController();
    running.current = own;
    setFailure(null);
    setMeasuring({ done: 0, total: paths.length, path: null, what: 'starting', rows: [] });
    try {
      const events = await client.quantizations.measure(
        { paths: [...paths], device },
        { signal: own.signal },
      );
      for await (const event of events) {
        if (event.kind === 'progress') setMeasuring(event);
        else setTable(event.result);
      }
      await queries.invalidateQueries({ queryKey: [...key, 'last'] });
    } catch (error) {
      if (!own.signal.aborted && !isAbort(error)) setFailure(error);
    } finally {
      setMeasuring(null);
    }
  };
  return {
    group,
    /** What was measured now, else before. */
    table: table ?? last.data ?? null,
    isLooking: last.isPending,
    measuring,
    failure,
    measure,
    cancel: () => running.current?.abort(),
    refresh: () => queries.invalidateQueries({ queryKey: key }),
  };
}
