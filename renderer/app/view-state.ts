// What the window remembers per workspace: where each view was, pane widths, what is folded, and what features add.
// Kept in .studio/ by core; reading and writing it is workspace-memory.ts.
import { useCallback } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export interface PaneMemory {
  readonly listWidthPx?: number;
  readonly inspectorWidthPx?: number;
  readonly listFolded?: boolean;
  readonly inspectorFolded?: boolean;
}

export interface ViewMemory {
  /** The link the workspace was left at. */
  readonly lastHash: string | null;
  /** The last link of each view, so that the rail goes back to where one was. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly panes: Readonly<Record<string, PaneMemory>>;
  /** What features remember, under `<feature>.<what>`. JSON only. */
  readonly values: Readonly<Record<string, unknown>>;
}

export const emptyMemory: ViewMemory = { lastHash: null, hashes: {}, panes: {}, values: {} };

export const viewMemory = createStore<ViewMemory>(() => emptyMemory);

/** Values under these names are what a person wrote and did not save or send; the names after the dot are the feature's. */
const textNames = /^[a-z]+\.drafts?(\.|$)/;

/** Whether something is remembered that a person wrote. */
export function holdsText({ values }: ViewMemory): boolean {
  return Object.entries(values).some(
    ([name, value]) => textNames.test(name) && value !== '' && JSON.stringify(value) !== '{}',
  );
}

export function rememberPanes(view: string, change: PaneMemory): void {
  viewMemory.setState(({ panes }) => ({ panes: { ...panes, [view]: { ...panes[view], ...change } } }));
}

export function usePaneMemory(view: string): PaneMemory {
  return useStore(viewMemory, ({ panes }) => panes[view]) ?? noPanes;
}

const noPanes: PaneMemory = {};

/**
 * Like useState, remembered with the workspace: `useViewState('data.columns', parse, [])`.
 * `parse` checks what was read back and gives undefined for what it does not recognise. Keep it outside the component.
 */
export function useViewState<Value>(
  key: string,
  parse: (stored: unknown) => Value | undefined,
  initial: Value,
): readonly [Value, (value: Value) => void] {
  const stored = useStore(viewMemory, ({ values }) => values[key]);
  const value = (stored === undefined ? undefined : parse(stored)) ?? initial;
  const set = useCallback(
    (next: Value) => viewMemory.setState(({ values }) => ({ values: { ...values, [key]: next } })),
    [key],
  );
  return [value, set];
}
