// React's view of the lab that a link means. The paths of the corpus are the route's own and those of `with=`.
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useClient } from '../../../../app/session.ts';
import type { Lab, LabState } from './lab.ts';
import { labOf } from './lab-registry.ts';

export function corpusPaths(path: string, query: URLSearchParams): readonly string[] {
  return [...new Set([path, ...query.getAll('with')])];
}

export function useLab(path: string, query: URLSearchParams): Lab {
  const client = useClient();
  const key = corpusPaths(path, query).join('\n');
  return useMemo(() => labOf(client, key.split('\n')), [client, key]);
}

export function useLabState<Part>(lab: Lab, select: (state: LabState) => Part): Part {
  return useStore(lab.store, select);
}
