// The newest comparison, shared by the panes: how far it is, then its report. Kept while another mode is looked at.
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { BenchReport } from '../../../../core/lib/judge-bench/bench-report.ts';

interface BenchState {
  /** What was asked, as text. */
  readonly key: string | null;
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly report: BenchReport | null;
}

const empty: BenchState = { key: null, progress: null, report: null };
export const benchStore = createStore<BenchState>(() => empty);

/** State of the comparison `key` means; that of another one counts as nothing. */
export function useBenchState(key: string): BenchState {
  return useStore(benchStore, (state) => (state.key === key ? state : empty));
}
