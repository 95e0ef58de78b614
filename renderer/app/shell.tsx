// The whole window: providers, then the picker or the frame of the open workspace.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Connection } from '../connect.ts';
import { ActivityPanel } from './activity-panel.tsx';
import { CommandPalette } from './palette/command-palette.tsx';
import { availableCommands, useCommands } from './commands.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Frame } from './frame.tsx';
import { KeyOverlay } from './palette/key-overlay.tsx';
import { listenToKeys, runCommand } from './key-listener.ts';
import { NotificationList } from './notification-list.tsx';
import { NotificationToasts } from './notification-toasts.tsx';
import { useSession } from './session.ts';
import { SessionProvider } from './session-provider.tsx';
import { useGeneralCommands } from './shell-commands.ts';
import { SshQuestions } from './ssh-questions.tsx';
import { PasteGuard } from './paste-guard.tsx';
import { SystemFeed } from './system-feed.tsx';
import { TargetFeed } from './target-feed.tsx';
import { WorkspacePicker } from './start/workspace-picker.tsx';

/** Answers come from this computer: they are cheap to ask again and never guessed. */
function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: false, staleTime: 5_000, networkMode: 'always', refetchOnWindowFocus: false },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

export function Shell({ connection }: { readonly connection: Connection }) {
  const [queries] = useState(createQueryClient);
  return (
    <ErrorBoundary what="The window" resetKey="window">
      <QueryClientProvider client={queries}>
        <SessionProvider connection={connection}>
          <Inside />
        </SessionProvider>
      </QueryClientProvider>
    </ErrorBoundary>
  );
}

function Inside() {
  const { workspace, connection } = useSession();
  const { desktop } = connection;
  useCommands(useGeneralCommands());
  useEffect(() => listenToKeys(window), []);
  useEffect(() => desktop?.onCommand(runById), [desktop]);
  return (
    <>
      <PasteGuard />
      <SystemFeed />
      <TargetFeed />
      {workspace ? (
        <Frame key={workspace.path} />
      ) : (
        <main className="contents">
          <WorkspacePicker />
        </main>
      )}
      <CommandPalette />
      <KeyOverlay />
      <ActivityPanel />
      <NotificationList />
      <NotificationToasts />
      <SshQuestions />
    </>
  );
}

/** Commands of the desktop's own menu. */
function runById(id: string): void {
  const command = availableCommands().find((candidate) => candidate.id === id);
  if (command) runCommand(command);
}
