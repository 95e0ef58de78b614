// Titles of models by their paths, out of the list of models that other views ask for anyway.
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { queryKeys } from '../../app/query-keys.ts';
import { useClient } from '../../app/session.ts';
import { modelTitle } from './model-name.ts';

export function useModelTitle(): (path: string) => string {
  const client = useClient();
  const { data } = useQuery({ queryKey: queryKeys.models, queryFn: () => client.models.list() });
  return useCallback((path) => modelTitle(path, data?.find((model) => model.path === path) ?? null), [data]);
}
