// What each mode of a model shows: its panes and its actions. Their code is loaded on use.
import { type ComponentType, lazy, Suspense, useMemo } from 'react';
import { type Command, useCommands } from '../../app/commands.ts';
import type { PaneProps } from '../../app/feature.ts';
import { navigate } from '../../app/route.ts';
import { type ModelModeId, modelModeHref, modelModeOf, modesFor } from './model-mode.ts';

const ConvertAction = lazy(async () => ({
  default: (await import('./convert/convert-action.tsx')).ConvertAction,
}));

interface ModePanes {
  /** The middle pane; it puts `<ModelModeSwitch>` into its header. */
  readonly Work: ComponentType<PaneProps>;
  /** The right pane. */
  readonly Inspector: ComponentType<PaneProps>;
  /** What the mode does, right in the top bar. */
  readonly Actions: ComponentType<PaneProps> | null;
}

const panesOfMode: Readonly<Record<ModelModeId, ModePanes>> = {
  chat: {
    Work: lazy(async () => ({ default: (await import('./chat/chat-work.tsx')).ChatWork })),
    Inspector: lazy(async () => ({
      default: (await import('./chat/inspector/chat-inspector.tsx')).ChatInspector,
    })),
    Actions: lazy(async () => ({ default: (await import('./chat/new-chat-action.tsx')).NewChatAction })),
  },
  inside: {
    Work: lazy(async () => ({ default: (await import('./inside/inside-work.tsx')).InsideWork })),
    Inspector: lazy(async () => ({
      default: (await import('./inside/inside-inspector.tsx')).InsideInspector,
    })),
    Actions: null,
  },
  difference: {
    Work: lazy(async () => ({ default: (await import('./difference/difference-work.tsx')).DifferenceWork })),
    Inspector: lazy(async () => ({
      default: (await import('./difference/difference-inspector.tsx')).DifferenceInspector,
    })),
    Actions: null,
  },
  compare: {
    Work: lazy(async () => ({ default: (await import('./columns/compare-work.tsx')).CompareWork })),
    Inspector: lazy(async () => ({
      default: (await import('./columns/compare-inspector.tsx')).CompareInspector,
    })),
    Actions: lazy(async () => ({ default: (await import('./columns/compare-action.tsx')).CompareAction })),
  },
  replay: {
    Work: lazy(async () => ({ default: (await import('./replay/replay-work.tsx')).ReplayWork })),
    Inspector: lazy(async () => ({
      default: (await import('./replay/replay-inspector.tsx')).ReplayInspector,
    })),
    Actions: null,
  },
  quantizations: {
    Work: lazy(async () => ({
      default: (await import('./quantizations/quantizations-work.tsx')).QuantizationsWork,
    })),
    Inspector: lazy(async () => ({
      default: (await import('./quantizations/quantizations-inspector.tsx')).QuantizationsInspector,
    })),
    Actions: null,
  },
};

/** Links to a mode that is not there lead to the first. */
function modeOf({ argument, query }: PaneProps): ModelModeId {
  const asked = modelModeOf(query);
  const modes = modesFor(argument);
  return (modes.find(({ id }) => id === asked) ?? modes[0])?.id ?? asked;
}

export function ModelWork(props: PaneProps) {
  const { Work } = panesOfMode[modeOf(props)];
  return <Work {...props} />;
}

export function ModelInspector(props: PaneProps) {
  const { Inspector } = panesOfMode[modeOf(props)];
  return <Inspector {...props} />;
}

export function ModelActions(props: PaneProps) {
  const mode = modeOf(props);
  const { Actions } = panesOfMode[mode];
  useModeCommands(props, mode);
  return (
    <Suspense fallback={null}>
      <ConvertAction key={props.query.get('convert')} {...props} />
      {props.argument !== null && Actions ? <Actions {...props} /> : null}
    </Suspense>
  );
}

function useModeCommands({ argument, query }: PaneProps, shown: ModelModeId): void {
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
