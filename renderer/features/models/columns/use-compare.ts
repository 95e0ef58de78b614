// The comparison a link means: begun with the model of the link and those it names as columns, or with a conversation, and taken up
// again where it was left. What it is made of is remembered with the workspace.
import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { StudioClient } from '../../../../core/api/contract.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { viewMemory } from '../../../app/view-state.ts';
import { type CompareSession, type CompareState, createCompareSession } from './compare-session.ts';
import { type Comparison, comparison, MAX_COLUMNS, newColumn } from './compare-state.ts';

/** A comparison larger than this is not written into the memory of the window; it lives as long as the window does. */
const MAX_REMEMBERED_CHARACTERS = 600_000;

const sessions = new Map<string, CompareSession>();

function memoryKey(modelPath: string): string {
  return `models.compare.${modelPath}`;
}

function remember(modelPath: string, value: Comparison): void {
  const isSmall = JSON.stringify(value).length <= MAX_REMEMBERED_CHARACTERS;
  viewMemory.setState(({ values }) => ({
    values: { ...values, [memoryKey(modelPath)]: isSmall ? value : undefined },
  }));
}

/** `columns=a.gguf|b.gguf` of a link. */
export function columnPaths(query: URLSearchParams): readonly string[] {
  return (query.get('columns') ?? '').split('|').filter((path) => path !== '');
}

export function sessionOf(
  client: StudioClient,
  place: { readonly workspace: string; readonly modelPath: string; readonly columns: readonly string[] },
): CompareSession {
  const { workspace, modelPath, columns } = place;
  const key = JSON.stringify([workspace, modelPath]);
  const known = sessions.get(key);
  const session =
    known ??
    createCompareSession(client, begin(modelPath), (changed) => {
      remember(modelPath, changed);
    });
  if (known === undefined) sessions.set(key, session);
  for (const path of columns) {
    const { columns: there } = session.store.getState();
    if (path !== modelPath && !there.some((column) => column.modelPath === path)) session.add(path);
  }
  return session;
}

function begin(modelPath: string): Comparison {
  const stored = comparison.safeParse(viewMemory.getState().values[memoryKey(modelPath)]);
  if (stored.success) return { ...stored.data, columns: stored.data.columns.slice(0, MAX_COLUMNS) };
  return { questions: [], columns: [newColumn(modelPath)], order: 'one-by-one' };
}

export function useCompareSession(modelPath: string, query: URLSearchParams): CompareSession {
  const client = useClient();
  const { path: workspace } = useWorkspace();
  const columns = query.get('columns') ?? '';
  return useMemo(
    () => sessionOf(client, { workspace, modelPath, columns: columnPaths(new URLSearchParams({ columns })) }),
    [client, workspace, modelPath, columns],
  );
}

export function useCompare<T>(session: CompareSession, select: (state: CompareState) => T): T {
  return useStore(session.store, select);
}

/** Hash of the vocabulary of each model, in order; null until it is known. */
export function useVocabularies(paths: readonly string[]): readonly (string | null)[] {
  const client = useClient();
  return useQueries({
    queries: paths.map((path) => ({
      queryKey: [...queryKeys.model(path), 'fingerprint'],
      queryFn: () => client.models.fingerprint({ path }),
    })),
    combine: (results) => results.map(({ data }) => data?.vocabularySha256 ?? null),
  });
}

export function useModels() {
  const client = useClient();
  return useQuery({ queryKey: queryKeys.models, queryFn: () => client.models.list() });
}
