// How the panes of the config desk point at each other: form, findings and numbers ask for a place in the text,
// the text says where the cursor is. Knows places, not panes.
import { createStore } from 'zustand/vanilla';
import type { TextRange } from '../../../../core/lib/config/types.ts';

export interface Reveal {
  readonly path: string;
  readonly range: TextRange;
  /** Moves the keyboard into the text too; else only the line is shown. */
  readonly takeFocus: boolean;
}

interface DeskSignals {
  readonly reveal: Reveal | null;
  /** Where the cursor of the shown config is, 1-based; a place, since offsets go stale with every edit above it. */
  readonly cursor: { readonly path: string; readonly lineNumber: number; readonly column: number } | null;
  /** The finding last stepped to, as its key (see findingKey). */
  readonly finding: string | null;
}

export const deskSignals = createStore<DeskSignals>(() => ({
  reveal: null,
  cursor: null,
  finding: null,
}));

/** Shows a place of a config in the editor; a request before the editor exists waits for it. */
export function reveal(path: string, range: TextRange, takeFocus = false): void {
  deskSignals.setState({ reveal: { path, range, takeFocus } });
}
