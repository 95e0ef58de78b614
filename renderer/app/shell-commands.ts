// The commands every window has: palette, views, panes, theme, workspace, settings.
import {
  Bell,
  FolderOpen,
  Keyboard,
  Link2,
  ListChecks,
  Maximize,
  PanelLeft,
  PanelRight,
  RefreshCw,
  Search,
  Settings,
  SunMoon,
} from 'lucide-react';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Settings as StudioSettings } from '../../core/api/system.ts';
import type { Command } from './commands.ts';
import { copyText } from './copy-text.ts';
import { featureEntries } from './features.ts';
import { toggleInspector, toggleList, toggleOuterPanes } from './fold-panes.ts';
import { toggleOverlay } from './overlays.ts';
import { notifyError } from './notifications.ts';
import { focusNextPane } from './pane-focus.ts';
import { filesKey } from './query-keys.ts';
import { href, navigate, type View } from './route.ts';
import { useClient, useSettings } from './session.ts';
import { viewMemory } from './view-state.ts';

const group = 'General';

const themes: readonly { readonly id: StudioSettings['theme']; readonly title: string }[] = [
  { id: 'system', title: 'Theme: as the system' },
  { id: 'light', title: 'Theme: light' },
  { id: 'dark', title: 'Theme: dark' },
  { id: 'high-contrast', title: 'Theme: high contrast' },
];

/** With or without a workspace. */
export function useGeneralCommands(): readonly Command[] {
  const { write } = useSettings();
  return useMemo<readonly Command[]>(
    () => [
      {
        id: 'palette.open',
        title: 'Search, open, run a command',
        group,
        icon: Search,
        keys: 'Mod+K',
        perform: () => toggleOverlay('palette'),
      },
      {
        id: 'general.keys',
        title: 'Show all keys',
        group,
        icon: Keyboard,
        keys: '?',
        perform: () => toggleOverlay('keys'),
      },
      {
        id: 'general.notifications',
        title: 'Show notifications',
        group,
        icon: Bell,
        perform: () => toggleOverlay('notifications'),
      },
      ...themes.map(({ id, title }) => ({
        id: `general.theme.${id}`,
        title,
        group,
        icon: SunMoon,
        perform: () => write({ theme: id }),
      })),
    ],
    [write],
  );
}

/** Inside an open workspace. */
export function useFrameCommands(view: View): readonly Command[] {
  const client = useClient();
  const queries = useQueryClient();
  return useMemo<readonly Command[]>(() => {
    return [
      ...featureEntries.map((entry) => ({
        id: `general.go.${entry.id}`,
        title: `Go to ${entry.title.toLowerCase()}`,
        group: 'Views',
        icon: entry.icon,
        keys: entry.keys,
        perform: () => navigate(viewMemory.getState().hashes[entry.id] ?? href(entry.id)),
      })),
      {
        id: 'general.settings',
        title: 'Settings',
        group,
        icon: Settings,
        keys: 'Mod+,',
        perform: () => navigate(href('settings')),
      },
      {
        id: 'workspace.open',
        title: 'Open another workspace…',
        group,
        icon: FolderOpen,
        keys: 'Mod+O',
        perform: () => navigate(href('workspaces')),
      },
      {
        id: 'workspace.refresh',
        title: 'Look at the files on disk again',
        group,
        icon: RefreshCw,
        perform: () =>
          void client.workspace
            .refresh()
            .then(() => queries.invalidateQueries({ queryKey: filesKey }))
            .catch(notifyError),
      },
      {
        id: 'general.activities',
        title: 'Show long work',
        group,
        icon: ListChecks,
        perform: () => toggleOverlay('activities'),
      },
      {
        id: 'general.copy-link',
        title: 'Copy the link to what is open',
        group,
        icon: Link2,
        perform: () => copyText(location.href, 'Link copied'),
      },
      {
        id: 'panes.list',
        title: 'Fold or show the list',
        group: 'Panes',
        icon: PanelLeft,
        keys: 'Mod+B',
        perform: () => toggleList(view),
      },
      {
        id: 'panes.inspector',
        title: 'Fold or show the inspector',
        group: 'Panes',
        icon: PanelRight,
        keys: 'Mod+Alt+B',
        perform: () => toggleInspector(view),
      },
      {
        id: 'panes.work-only',
        title: 'Only the work pane, or all panes again',
        group: 'Panes',
        icon: Maximize,
        keys: 'Mod+Shift+B',
        perform: () => toggleOuterPanes(view),
      },
      {
        id: 'panes.next',
        title: 'To the next pane',
        group: 'Panes',
        keys: 'F6',
        perform: () => focusNextPane(1),
      },
      {
        id: 'panes.previous',
        title: 'To the previous pane',
        group: 'Panes',
        keys: 'Shift+F6',
        perform: () => focusNextPane(-1),
      },
    ];
  }, [client, queries, view]);
}
