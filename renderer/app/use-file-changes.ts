// What changes of the workspace's files make stale: all that was read from files, at once. What a run writes as it goes is told of every
// second and is followed by streams; lists in which it has a row or a size are read again now and then.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { isRunOutput } from '../../core/lib/runs/log-names.ts';
import { filesKey } from './query-keys.ts';

/** A dozen lists read again each second would be felt beside fifty live runs; ten seconds are nothing to a size. */
const GROWTH_EVERY_MS = 10_000;

export function useFileChanges(): (paths: readonly string[]) => void {
  const queries = useQueryClient();
  const timer = useRef<number | undefined>(undefined);
  const forget = useCallback(() => {
    window.clearTimeout(timer.current);
    timer.current = undefined;
  }, []);
  useEffect(() => forget, [forget]);
  const refresh = () => {
    forget();
    void queries.invalidateQueries({ queryKey: filesKey });
  };
  return (paths) => {
    if (!paths.every(isRunOutput)) refresh();
    else timer.current ??= window.setTimeout(refresh, GROWTH_EVERY_MS);
  };
}
