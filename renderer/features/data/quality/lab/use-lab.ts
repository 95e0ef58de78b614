// React's view of the lab that a link means. The paths of the corpus are the route's own and those of `with=`.
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useClient } from '../../../../app/session.ts';
import { useViewState } from '../../../../app/view-state.ts';
import type { Lab, LabState } from './lab.ts';
import { labOf } from './lab-registry.ts';

export function corpusPaths(path: string, query: URLSearchParams): readonly string[] {
  return [...new Set([path, ...query.getAll('with')])];
}

type TokenMemory = Readonly<Record<string, string>>;

/** Corpora whose kind of token is remembered; the oldest is forgotten. */
const REMEMBERED = 30;
const nothing: TokenMemory = {};

function parseMemory(stored: unknown): TokenMemory | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  return Object.fromEntries(
    Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

const useTokenMemory = () => useViewState<TokenMemory>('data.quality.tokens', parseMemory, nothing);

/** Takes down what counts as a token in a corpus, for links that do not say it. */
export function useRememberTokens(paths: readonly string[]): (tokens: string) => void {
  const [memory, remember] = useTokenMemory();
  const key = paths.join('\n');
  return (tokens) => {
    const others = Object.entries(memory).filter(([name]) => name !== key);
    remember(Object.fromEntries([...others.slice(1 - REMEMBERED), [key, tokens]]));
  };
}

export function useLab(path: string, query: URLSearchParams): Lab {
  const client = useClient();
  const [memory] = useTokenMemory();
  const key = corpusPaths(path, query).join('\n');
  const tokens = query.get('tokens') ?? memory[key] ?? 'found';
  return useMemo(() => labOf(client, key.split('\n'), tokens), [client, key, tokens]);
}

export function useLabState<Part>(lab: Lab, select: (state: LabState) => Part): Part {
  return useStore(lab.store, select);
}
