// Which column the inspector shows, for as long as it is there; the first otherwise.
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { CompareSession } from './compare-session.ts';
import { useCompare } from './use-compare.ts';

const chosenIds = createStore<{ readonly id: string | null }>(() => ({ id: null }));

export function useChosenColumn(session: CompareSession): readonly [string, (id: string) => void] {
  const columns = useCompare(session, (state) => state.columns);
  const id = useStore(chosenIds, (state) => state.id);
  const chosen = columns.find((column) => column.id === id) ?? columns[0];
  return [chosen?.id ?? '', (next) => chosenIds.setState({ id: next })];
}
