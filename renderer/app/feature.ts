// What a feature is to the shell: one folder renderer/features/<noun>/ whose index.tsx exports `feature: Feature`.
// Knows nothing about any particular feature.
import type { QueryClient } from '@tanstack/react-query';
import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import type { StudioClient } from '../../core/api/contract.ts';
import type { Command } from './commands.ts';

export type FeatureId = 'configs' | 'data' | 'runs' | 'models' | 'evaluations' | 'targets';

/** Every pane of a feature receives the same: which object the route names, and the route's query. */
export interface PaneProps {
  /** What follows `#/<feature>/`, decoded: a workspace path or an id. Null when the route names no object. */
  readonly argument: string | null;
  /** For example `line=29` of `#/configs/a.yaml?line=29`. */
  readonly query: URLSearchParams;
}

/** What commands that exist outside of any mounted view work with. */
export interface CommandContext {
  readonly client: StudioClient;
  readonly queries: QueryClient;
}

/**
 * A feature. `index.tsx` is loaded after first paint for its commands, so keep it light:
 * heavy parts (Monaco, uPlot) belong behind `React.lazy` in `Work`.
 */
export interface Feature {
  readonly id: FeatureId;
  /** Left pane. The shell draws no header: use `Pane` and `PaneHeader` of ui/pane.tsx. */
  readonly List: ComponentType<PaneProps>;
  /** Middle pane, drawn when the route names an object (`argument` is not null). */
  readonly Work: ComponentType<PaneProps>;
  /** Middle pane when the route names none: what this is, one action, one sample. Use `EmptyState`. */
  readonly Empty: ComponentType;
  /** Right pane; a drawer below 1,100 px. Drawn only when the route names an object. */
  readonly Inspector?: ComponentType<PaneProps>;
  /** False where an object has nothing to inspect: no empty pane is drawn. Without it every object has. */
  hasInspector?(argument: string): boolean;
  /** The view's main action, right in the top bar; one or two `Button`s. */
  readonly MainAction?: ComponentType<PaneProps>;
  /** Commands that work from everywhere. What needs a mounted view registers itself with `useCommands`. */
  commands?(context: CommandContext): readonly Command[];
}

/** What the rail knows before the feature's code is loaded. */
export interface FeatureEntry {
  readonly id: FeatureId;
  readonly title: string;
  readonly icon: LucideIcon;
  readonly order: number;
  /** The key that goes there: `Mod+1`. */
  readonly keys: string;
  /** Widths of the outer panes before anybody dragged a border. */
  readonly listWidthPx: number;
  readonly inspectorWidthPx: number;
  load(): Promise<Feature>;
}
