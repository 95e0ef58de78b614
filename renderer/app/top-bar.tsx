// The top bar: workspace and its menu, the palette field, the view's main action.
import { FolderOpen, Link2, PanelLeft, PanelRight, Search } from 'lucide-react';
import { Suspense } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Badge } from '../ui/badge.tsx';
import { IconButton } from '../ui/button.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { Menu } from '../ui/menu.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import type { FeatureEntry } from './feature.ts';
import { isInspectorShown, toggleInspector, toggleList } from './fold-panes.ts';
import { copyText } from './copy-text.ts';
import { openOverlay } from './overlays.ts';
import { href, navigate, type Route } from './route.ts';
import { useWorkspace } from './session.ts';
import styles from './top-bar.module.css';
import { useFeature } from './use-feature.ts';
import { useIsNarrow } from './use-is-narrow.ts';
import { usePaneMemory } from './view-state.ts';

export function TopBar({
  route,
  entry,
}: {
  readonly route: Route;
  readonly entry: FeatureEntry | undefined;
}) {
  const memory = usePaneMemory(route.view);
  const isInspectorOpen = isInspectorShown(memory, useIsNarrow());
  return (
    <header className={styles['bar']}>
      <h1 className="visually-hidden">Nesso Studio</h1>
      <div className={styles['start']}>
        <span className={styles['fold']}>
          <IconButton
            icon={PanelLeft}
            label={memory.listFolded ? 'Show the list' : 'Fold the list'}
            keys="Mod+B"
            isPressed={!memory.listFolded}
            isDisabled={!entry}
            onPress={() => toggleList(route.view)}
          />
        </span>
        <WorkspaceMenu />
      </div>
      <AriaButton
        className={styles['palette'] ?? ''}
        aria-label="Search, open, run a command"
        onPress={() => openOverlay('palette')}
      >
        <Search size={14} strokeWidth={1.75} aria-hidden />
        <span className={styles['words']}>Search, open, run a command</span>
        <KeyHint keys="Mod+K" />
      </AriaButton>
      <div className={styles['end']}>
        {entry ? <MainAction key={entry.id} entry={entry} route={route} /> : null}
        <IconButton
          icon={PanelRight}
          label={isInspectorOpen ? 'Fold the inspector' : 'Show the inspector'}
          keys="Mod+Alt+B"
          isPressed={isInspectorOpen}
          isDisabled={!entry || route.argument === null}
          onPress={() => toggleInspector(route.view)}
        />
      </div>
    </header>
  );
}

function WorkspaceMenu() {
  const workspace = useWorkspace();
  return (
    <>
      <Menu
        label={`Workspace ${workspace.name}`}
        look="bare"
        groups={[
          [
            {
              id: 'switch',
              label: 'Open another workspace…',
              icon: FolderOpen,
              keys: 'Mod+O',
              perform: () => navigate(href('workspaces')),
            },
            {
              id: 'path',
              label: 'Copy the path',
              detail: workspace.path,
              icon: Link2,
              perform: () => copyText(workspace.path, 'Path copied'),
            },
          ],
        ]}
      >
        <strong className={styles['name']}>{workspace.name}</strong>
        {workspace.gitBranch ? <span className={styles['branch']}>{workspace.gitBranch}</span> : null}
      </Menu>
      {workspace.readOnly ? (
        <Badge tone="warn" title="This folder cannot be written; edits cannot be saved here">
          read-only
        </Badge>
      ) : null}
      {workspace.otherStudios.length > 0 ? (
        <Badge
          tone="info"
          title={workspace.otherStudios.map(({ host, pid }) => `${host}, process ${pid}`).join('\n')}
        >
          also open elsewhere
        </Badge>
      ) : null}
    </>
  );
}

function MainAction({ entry, route }: { readonly entry: FeatureEntry; readonly route: Route }) {
  const loaded = useFeature(entry.id);
  if (loaded.kind !== 'ready' || !loaded.feature.MainAction) return null;
  const { MainAction: Action } = loaded.feature;
  return (
    <ErrorBoundary what="The main action" resetKey={entry.id} isBar>
      <Suspense fallback={null}>
        <Action argument={route.argument} query={route.query} />
      </Suspense>
    </ErrorBoundary>
  );
}
