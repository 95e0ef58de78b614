// Loads the settings and the open workspace, follows both, and hands them to everything below.
import { useQueryClient } from '@tanstack/react-query';
import {
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { StudioClient } from '../../core/api/contract.ts';
import type { Settings } from '../../core/api/system.ts';
import type { WorkspaceEvent, WorkspaceInfo } from '../../core/api/workspace.ts';
import type { Connection } from '../connect.ts';
import { isAbort } from './describe-error.ts';
import { notifyError } from './notifications.ts';
import { workspaceKey } from './query-keys.ts';
import { navigate } from './route.ts';
import { markShownPath, SessionContext, type SessionValue } from './session.ts';
import { StartFailure, StartWait } from './start/start-screen.tsx';
import { applyTheme, watchSystemTheme } from './theme.ts';
import { useFileChanges } from './use-file-changes.ts';
import { useStream } from './use-stream.ts';

type Start =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'ready'; readonly settings: Settings; readonly workspace: WorkspaceInfo | null };

export function SessionProvider({
  connection,
  children,
}: {
  readonly connection: Connection;
  readonly children: ReactNode;
}) {
  const { client } = connection;
  const state = useSyncExternalStore(connection.state.subscribe, connection.state.get);
  const epoch = state.kind === 'connected' ? state.epoch : null;
  const [start, setStart] = useState<Start>({ kind: 'loading' });
  const [attempt, setAttempt] = useState(0);
  const queries = useQueryClient();
  const openPath = useRef<string | null>(null);
  useEffect(() => {
    openPath.current = start.kind === 'ready' ? (start.workspace?.path ?? null) : null;
    markShownPath(openPath.current);
  }, [start]);

  useEffect(() => {
    if (epoch === null) return;
    const controller = new AbortController();
    const { signal } = controller;
    Promise.all([
      client.system.readSettings(undefined, { signal }),
      currentWorkspace(client, openPath.current, signal),
    ]).then(
      ([settings, workspace]) => {
        if (signal.aborted) return;
        setStart({ kind: 'ready', settings, workspace });
        // Whatever was cached may have changed while the connection was lost.
        if (epoch > 1) void queries.invalidateQueries();
      },
      (error: unknown) => {
        if (!signal.aborted && !isAbort(error))
          setStart((known) => (known.kind === 'ready' ? known : { kind: 'failed', error }));
      },
    );
    return () => controller.abort();
  }, [client, queries, epoch, attempt]);

  const theme = start.kind === 'ready' ? start.settings.theme : null;
  useEffect(() => {
    if (theme === null) return;
    applyTheme(theme);
    return watchSystemTheme(() => applyTheme(theme));
  }, [theme]);

  const [inOrder] = useState(createOrder);
  const writeSettings = useCallback(
    async (change: Partial<Settings>) => {
      // A late answer to an older change would bring back what the newer one replaced.
      await inOrder(async () => {
        const settings = await client.system.writeSettings(change);
        setStart((known) => (known.kind === 'ready' ? { ...known, settings } : known));
      });
    },
    [client, inOrder],
  );
  const setWorkspace = useCallback((workspace: WorkspaceInfo | null) => {
    setStart((known) => (known.kind === 'ready' ? { ...known, workspace } : known));
  }, []);

  const value = useMemo<SessionValue | null>(
    () =>
      start.kind === 'ready'
        ? { connection, workspace: start.workspace, settings: start.settings, writeSettings, setWorkspace }
        : null,
    [connection, start, writeSettings, setWorkspace],
  );

  if (value)
    return (
      <SessionContext value={value}>
        <FollowWorkspace openPath={value.workspace?.path ?? null} onOpened={setWorkspace} />
        {children}
      </SessionContext>
    );
  const retry = () => {
    connection.retry();
    setAttempt((count) => count + 1);
  };
  if (start.kind === 'failed') return <StartFailure error={start.error} onRetry={retry} />;
  return <StartWait state={state} onRetry={retry} />;
}

/** Work that begins when the work before it has ended, however that ended. */
function createOrder(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** A core that was started again may have no workspace open: then the one of this window is opened again. */
async function currentWorkspace(
  client: StudioClient,
  lastPath: string | null,
  signal: AbortSignal,
): Promise<WorkspaceInfo | null> {
  const { workspace } = await client.workspace.current(undefined, { signal });
  if (workspace || lastPath === null) return workspace;
  try {
    return await client.workspace.open({ path: lastPath }, { signal });
  } catch (error) {
    notifyError(error);
    return null;
  }
}

/** Files that change make lists stale; another workspace drops everything known about the last one. */
function FollowWorkspace({
  openPath,
  onOpened,
}: {
  readonly openPath: string | null;
  readonly onOpened: (workspace: WorkspaceInfo | null) => void;
}) {
  const queries = useQueryClient();
  const tellChanges = useFileChanges();
  useStream<WorkspaceEvent>({
    key: 'workspace',
    open: (client, signal) => client.workspace.events(undefined, { signal }),
    onItem: (event) => {
      if (event.kind === 'files') {
        tellChanges(event.paths);
        return;
      }
      if ((event.workspace?.path ?? null) !== openPath) {
        queries.removeQueries({ queryKey: workspaceKey });
        // What was open belongs to the other workspace: the frame goes where the new one was left.
        navigate('#/', { replace: true });
      }
      onOpened(event.workspace);
    },
  });
  return null;
}
