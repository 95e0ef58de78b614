// Opening, creating and switching workspaces: what is remembered of the old one is written first.
import { useCallback, useState } from 'react';
import type { WorkspaceInfo } from '../../../core/api/workspace.ts';
import { useQueryClient } from '@tanstack/react-query';
import { queryKeys, workspaceKey } from '../query-keys.ts';
import { navigate } from '../route.ts';
import { shownPath, useClient, useSession } from '../session.ts';
import { flushWorkspaceMemory } from '../workspace-memory.ts';

export interface WorkspaceOpening {
  readonly isBusy: boolean;
  /** Of the last attempt. */
  readonly error: unknown;
  open(path: string): void;
  create(path: string, name: string): void;
  openSample(): void;
}

export function useWorkspaceOpening(): WorkspaceOpening {
  const client = useClient();
  const { setWorkspace } = useSession();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const run = useCallback(
    async (act: () => Promise<WorkspaceInfo>) => {
      setBusy(true);
      setError(null);
      try {
        await flushWorkspaceMemory();
        const before = shownPath();
        const workspace = await act();
        void queries.invalidateQueries({ queryKey: queryKeys.recentWorkspaces });
        // Core's own word on the switch may be here first, and a person may have gone on already.
        if (before !== workspace.path && shownPath() === workspace.path) return;
        queries.removeQueries({ queryKey: workspaceKey });
        // No view: the frame goes where this workspace was left.
        navigate('#/', { replace: true });
        setWorkspace(workspace);
      } catch (failure) {
        setError(failure);
      } finally {
        setBusy(false);
      }
    },
    [queries, setWorkspace],
  );

  return {
    isBusy,
    error,
    open: (path) => void run(() => client.workspace.open({ path })),
    create: (path, name) => void run(() => client.workspace.create({ path, name })),
    openSample: () => void run(() => client.workspace.openSample()),
  };
}
