// The frame of an open workspace: top bar, rail, the panes of the current view, status bar.
import { useEffect } from 'react';
import { Skeleton } from '../ui/skeleton.tsx';
import { useCommands } from './commands.ts';
import { CoreLostBanner } from './core-lost-banner.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { FeaturePanes } from './feature-panes.tsx';
import { featureEntries } from './features.ts';
import styles from './frame.module.css';
import { Rail } from './rail.tsx';
import { currentRoute, href, navigate, type Route, useRoute } from './route.ts';
import { useWorkspace } from './session.ts';
import { SettingsView } from './settings/settings-view.tsx';
import { useFrameCommands } from './shell-commands.ts';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { Tour } from './tour.tsx';
import { useFeatureCommands } from './use-feature-commands.ts';
import { viewMemory } from './view-state.ts';
import { useWorkspaceMemory } from './workspace-memory.ts';
import { WorkspacePicker } from './start/workspace-picker.tsx';

export function Frame() {
  const isReady = useWorkspaceMemory();
  const route = useRoute();
  useEffect(() => {
    if (!isReady || currentRoute() !== null) return;
    navigate(viewMemory.getState().lastHash ?? href('configs'), { replace: true });
  }, [isReady, route]);
  if (!isReady || !route) return <Skeleton label="Opening the workspace" rows={4} />;
  return <FrameOfRoute route={route} />;
}

function FrameOfRoute({ route }: { readonly route: Route }) {
  const workspace = useWorkspace();
  const entry = featureEntries.find(({ id }) => id === route.view);
  useCommands(useFrameCommands(route.view));
  useFeatureCommands();
  useEffect(() => rememberRoute(route), [route]);
  useEffect(() => {
    const object = route.argument ? `${route.argument.split('/').at(-1)} – ` : '';
    document.title = `${object}${workspace.name} – Nesso Studio`;
  }, [route, workspace.name]);

  return (
    <div className={styles['frame']}>
      <TopBar route={route} entry={entry} />
      <Rail view={route.view} />
      <main className={styles['main']}>
        <CoreLostBanner />
        <div className={styles['view']}>
          {entry ? (
            <FeaturePanes key={entry.id} entry={entry} argument={route.argument} query={route.query} />
          ) : (
            <ErrorBoundary what="The view" resetKey={route.view}>
              {route.view === 'settings' ? <SettingsView /> : <WorkspacePicker />}
            </ErrorBoundary>
          )}
        </div>
        {workspace.sample && entry ? <Tour /> : null}
      </main>
      <StatusBar />
    </div>
  );
}

function rememberRoute(route: Route): void {
  if (route.view === 'workspaces') return;
  const { hash } = location;
  viewMemory.setState(({ hashes }) => ({ lastHash: hash, hashes: { ...hashes, [route.view]: hash } }));
}
