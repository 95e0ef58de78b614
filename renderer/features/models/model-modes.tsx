// The modes of a model: one entry each, in the order of the switch. Their code is loaded on use.
import { type ComponentType, lazy, Suspense, useMemo } from 'react';
import { type Command, useCommands } from '../../app/commands.ts';
import type { PaneProps } from '../../app/feature.ts';
import { navigate } from '../../app/route.ts';
import { isModelFile } from './model-name.ts';
import { type ModelModeId, modelModeHref, modelModeOf } from './model-mode.ts';

const ConvertAction = lazy(async () => ({
  default: (await import('./convert/convert-action.tsx')).ConvertAction,
}));

export interface ModelMode {
  readonly id: ModelModeId;
  readonly title: string;
  /** For the palette and the keyboard. */
  readonly command: string;
  readonly keys: string;
  /** Also for folders of weights, which no runtime loads. */
  readonly takesFolders?: true;
  /** The middle pane; it puts `<ModelModeSwitch>` into its header. */
  readonly Work: ComponentType<PaneProps>;
  /** The right pane. */
  readonly Inspector: ComponentType<PaneProps>;
  /** What the mode does, right in the top bar. */
  readonly Actions: ComponentType<PaneProps> | null;
}

export const modelModes: readonly ModelMode[] = [
  {
    id: 'chat',
    title: 'Chat',
    command: 'Chat with the model',
    keys: 'M C',
    Work: lazy(async () => ({ default: (await import('./chat/chat-work.tsx')).ChatWork })),
    Inspector: lazy(async () => ({
      default: (await import('./chat/inspector/chat-inspector.tsx')).ChatInspector,
    })),
    Actions: lazy(async () => ({ default: (await import('./chat/new-chat-action.tsx')).NewChatAction })),
  },
  {
    id: 'inside',
    title: 'Inside',
    command: 'Look inside the model',
    keys: 'M I',
    takesFolders: true,
    Work: lazy(async () => ({ default: (await import('./inside/inside-work.tsx')).InsideWork })),
    Inspector: lazy(async () => ({
      default: (await import('./inside/inside-inspector.tsx')).InsideInspector,
    })),
    Actions: null,
  },
  {
    id: 'difference',
    title: 'Difference',
    command: 'Compare the weights with another model',
    keys: 'M D',
    takesFolders: true,
    Work: lazy(async () => ({ default: (await import('./difference/difference-work.tsx')).DifferenceWork })),
    Inspector: lazy(async () => ({
      default: (await import('./difference/difference-inspector.tsx')).DifferenceInspector,
    })),
    Actions: null,
  },
  {
    id: 'compare',
    title: 'Compare',
    command: 'Ask several models side by side',
    keys: 'M S',
    Work: lazy(async () => ({ default: (await import('./columns/compare-work.tsx')).CompareWork })),
    Inspector: lazy(async () => ({
      default: (await import('./columns/compare-inspector.tsx')).CompareInspector,
    })),
    Actions: lazy(async () => ({ default: (await import('./columns/compare-action.tsx')).CompareAction })),
  },
  {
    id: 'replay',
    title: 'Replay',
    command: 'Replay a conversation through the checkpoints of a run',
    keys: 'M R',
    Work: lazy(async () => ({ default: (await import('./replay/replay-work.tsx')).ReplayWork })),
    Inspector: lazy(async () => ({
      default: (await import('./replay/replay-inspector.tsx')).ReplayInspector,
    })),
    Actions: null,
  },
  {
    id: 'quantizations',
    title: 'Quantizations',
    command: 'Measure quantizations beside each other',
    keys: 'M Q',
    Work: lazy(async () => ({
      default: (await import('./quantizations/quantizations-work.tsx')).QuantizationsWork,
    })),
    Inspector: lazy(async () => ({
      default: (await import('./quantizations/quantizations-inspector.tsx')).QuantizationsInspector,
    })),
    Actions: null,
  },
];

/** What can be done with the object of a path: a model, or a folder of weights. */
export function modesFor(path: string | null): readonly ModelMode[] {
  return path === null || isModelFile(path) ? modelModes : modelModes.filter((mode) => mode.takesFolders);
}

/** Links to a mode that is not there lead to the first. */
function modeOf({ argument, query }: PaneProps): ModelMode | undefined {
  const id = modelModeOf(query);
  const modes = modesFor(argument);
  return modes.find((mode) => mode.id === id) ?? modes[0];
}

export function ModelWork(props: PaneProps) {
  const mode = modeOf(props);
  return mode ? <mode.Work {...props} /> : null;
}

export function ModelInspector(props: PaneProps) {
  const mode = modeOf(props);
  return mode ? <mode.Inspector {...props} /> : null;
}

export function ModelActions(props: PaneProps) {
  const mode = modeOf(props);
  useModeCommands(props, mode?.id ?? null);
  return (
    <Suspense fallback={null}>
      <ConvertAction key={props.query.get('convert')} {...props} />
      {props.argument !== null && mode?.Actions ? <mode.Actions {...props} /> : null}
    </Suspense>
  );
}

function useModeCommands({ argument, query }: PaneProps, shown: ModelModeId | null): void {
  useCommands(
    useMemo(
      () =>
        argument === null
          ? []
          : modesFor(argument).map(
              ({ id, command, keys }): Command => ({
                id: `models.mode.${id}`,
                title: command,
                group: 'Models',
                keys,
                when: () => id !== shown,
                perform: () => navigate(modelModeHref(argument, id, query)),
              }),
            ),
      [argument, query, shown],
    ),
  );
}
