// Folding the outer panes. On a narrow window the inspector is a drawer: closed until asked for.
import { isNarrowNow } from './use-is-narrow.ts';
import { type PaneMemory, rememberPanes, viewMemory } from './view-state.ts';

export function isInspectorShown(memory: PaneMemory, isNarrow: boolean): boolean {
  return isNarrow ? memory.inspectorFolded === false : !memory.inspectorFolded;
}

export function toggleInspector(view: string): void {
  const memory = viewMemory.getState().panes[view] ?? {};
  rememberPanes(view, { inspectorFolded: isInspectorShown(memory, isNarrowNow()) });
}

/** Leaves only the work pane, or brings both others back. */
export function toggleOuterPanes(view: string): void {
  const memory = viewMemory.getState().panes[view] ?? {};
  const isAlone = memory.listFolded === true && memory.inspectorFolded === true;
  rememberPanes(view, { listFolded: !isAlone, inspectorFolded: !isAlone });
}

export function toggleList(view: string): void {
  rememberPanes(view, { listFolded: !viewMemory.getState().panes[view]?.listFolded });
}
