// What the window knows of progress: lines and levels, asked again when results come, and a comparison as it is worked out.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ComparisonEvent, ModelComparison } from '../../../../core/api/evaluation-progress.ts';
import { isAbort } from '../../../app/describe-error.ts';
import { useClient } from '../../../app/session.ts';
import { resultKeys } from '../results/use-results.ts';

export function useProgression(input: { readonly allMetrics: boolean; readonly run: string | null }) {
  const client = useClient();
  return useQuery({
    queryKey: [...resultKeys.all, 'progression', input],
    queryFn: ({ signal }) => client.evaluationProgress.progression(input, { signal }),
    placeholderData: keepPreviousData,
  });
}

export interface ComparisonRequest {
  readonly first: string;
  readonly second: string;
  readonly tasks: string[] | null;
  readonly allMetrics: boolean;
}

export type ComparisonState =
  | { readonly kind: 'none' }
  | { readonly kind: 'working'; readonly progress: Extract<ComparisonEvent, { kind: 'progress' }> | null }
  | { readonly kind: 'done'; readonly result: ModelComparison }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: unknown };

const none: ComparisonState = { kind: 'none' };

/** Null compares nothing. Memoised or not: it is compared by what it says. */
export function useComparison(request: ComparisonRequest | null): {
  readonly state: ComparisonState;
  readonly cancel: () => void;
  readonly again: () => void;
} {
  const client = useClient();
  const [held, setHeld] = useState<{ readonly key: string; readonly state: ComparisonState } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [controller, setController] = useState<AbortController | null>(null);
  const text = JSON.stringify(request);
  const key = `${attempt} ${text}`;
  useEffect(() => {
    const asked = JSON.parse(text) as ComparisonRequest | null;
    if (asked === null) return;
    const own = new AbortController();
    setController(own);
    const tell = (state: ComparisonState) => setHeld({ key, state });
    const work = async () => {
      tell({ kind: 'working', progress: null });
      try {
        for await (const event of await client.evaluationProgress.compare(asked, { signal: own.signal })) {
          if (own.signal.aborted) return;
          tell(
            event.kind === 'result'
              ? { kind: 'done', result: event.result }
              : { kind: 'working', progress: event },
          );
        }
      } catch (error) {
        if (own.signal.aborted) return;
        tell(isAbort(error) ? { kind: 'cancelled' } : { kind: 'failed', error });
      }
    };
    void work();
    return () => own.abort();
  }, [client, key, text]);
  return {
    // What another pair gave is never shown for this one.
    state: request === null ? none : held?.key === key ? held.state : { kind: 'working', progress: null },
    cancel: () => {
      controller?.abort();
      setHeld({ key, state: { kind: 'cancelled' } });
    },
    again: () => setAttempt((count) => count + 1),
  };
}
