// What every component reaches core through: the client, the connection, the open workspace, the settings.
// The provider is session-provider.tsx; this file only has the context and its hooks.
import { createContext, use, useSyncExternalStore } from 'react';
import type { StudioClient } from '../../core/api/contract.ts';
import type { Settings } from '../../core/api/system.ts';
import type { WorkspaceInfo } from '../../core/api/workspace.ts';
import type { Connection, ConnectionState } from '../connect.ts';

export interface SessionValue {
  readonly connection: Connection;
  /** Null: no workspace is open and the picker is shown; features are mounted only with one. */
  readonly workspace: WorkspaceInfo | null;
  readonly settings: Settings;
  writeSettings(change: Partial<Settings>): Promise<void>;
  /** After open, create or openSample answered; other windows hear of it through the workspace's events. */
  setWorkspace(workspace: WorkspaceInfo | null): void;
}

let shown: string | null = null;

/** Path of the workspace that is on screen at this moment, for whoever waited since its own drawing. */
export function shownPath(): string | null {
  return shown;
}

export function markShownPath(path: string | null): void {
  shown = path;
}

export const SessionContext = createContext<SessionValue | null>(null);

export function useSession(): SessionValue {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession needs a SessionProvider above it');
  return session;
}

/** Every procedure of the contract: `await client.configs.read({ path }, { signal })`. */
export function useClient(): StudioClient {
  return useSession().connection.client;
}

/** The open workspace. Only inside features and the frame, which are mounted only with one. */
export function useWorkspace(): WorkspaceInfo {
  const { workspace } = useSession();
  if (!workspace) throw new Error('useWorkspace needs an open workspace');
  return workspace;
}

export function useSettings(): {
  readonly settings: Settings;
  write(change: Partial<Settings>): Promise<void>;
} {
  const { settings, writeSettings } = useSession();
  return { settings, write: writeSettings };
}

export function useConnection(): ConnectionState {
  const { state } = useSession().connection;
  return useSyncExternalStore(state.subscribe, state.get);
}
