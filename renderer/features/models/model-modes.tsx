// The modes of a model: one entry each, in the order of the switch. Their code is loaded on use.
import { type ComponentType, lazy, Suspense, useMemo } from 'react';
import { type Command, useCommands } from '../../app/commands.ts';
import type { PaneProps } from '../../app/feature.ts';
import { navigate } from '../../app/route.ts';
import { type ModelModeId, modelModeHref, modelModeOf } from './model-mode.ts';

export interface ModelMode {
  readonly id: ModelModeId;
  readonly title: string;
  /** For the palette and the keyboard. */
  readonly command: string;
  readonly keys: string;
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
    Inspector: lazy(async () => ({ default: (await import('./chat/chat-inspector.tsx')).ChatInspector })),
    Actions: lazy(async () => ({ default: (await import('./chat/new-chat-action.tsx')).NewChatAction })),
  },
];

/** Links to a mode that is not there lead to the first. */
function modeOf(query: URLSearchParams): ModelMode | undefined {
  const id = modelModeOf(query);
  return modelModes.find((mode) => mode.id === id) ?? modelModes[0];
}

export function ModelWork(props: PaneProps) {
  const mode = modeOf(props.query);
  return mode ? <mode.Work {...props} /> : null;
}

export function ModelInspector(props: PaneProps) {
  const mode = modeOf(props.query);
  return mode ? <mode.Inspector {...props} /> : null;
}

export function ModelActions(props: PaneProps) {
  const mode = modeOf(props.query);
  useModeCommands(props, mode?.id ?? null);
  return props.argument !== null && mode?.Actions ? (
    <Suspense fallback={null}>
      <mode.Actions {...props} />
    </Suspense>
  ) : null;
}

function useModeCommands({ argument, query }: PaneProps, shown: ModelModeId | null): void {
  useCommands(
    useMemo(
      () =>
        argument === null
          ? []
          : modelModes.map(
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
