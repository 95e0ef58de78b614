// Opening, creating and remembering workspaces for one core. One workspace is open at a time.
import { realpath } from 'node:fs/promises';
import type { RecentWorkspace, WorkspaceEvent, WorkspaceInfo } from '../../api/workspace.ts';
import { pruneCache, workspaceCacheFolder } from '../cache/cache-folder.ts';
import type { CoreContext } from '../context.ts';
import { createSignalBus, type SignalBus } from '../signal-bus.ts';
import { expandPath } from './browse.ts';
import { createWorkspaceFolder, ensureSample, samplePathOf } from './new-workspace.ts';
import { openWorkspace, type StudioWorkspace } from './open-workspace.ts';
import { createRecentList } from './recent.ts';

export interface WorkspaceService {
  readonly events: SignalBus<WorkspaceEvent>;
  current(): StudioWorkspace | null;
  open(path: string): Promise<WorkspaceInfo>;
  create(path: string, name: string): Promise<WorkspaceInfo>;
  openSample(): Promise<WorkspaceInfo>;
  recent(): Promise<RecentWorkspace[]>;
  forget(path: string): Promise<void>;
  dispose(): Promise<void>;
}

export function createWorkspaceService(context: CoreContext): WorkspaceService {
  const { appFolder, stateFolder } = context.options;
  const recent = createRecentList(stateFolder);
  const events = createSignalBus<WorkspaceEvent>();
  let current: StudioWorkspace | null = null;
  let opening: Promise<unknown> = Promise.resolve();
  let disposed = false;

  const openAt = async (path: string): Promise<WorkspaceInfo> => {
    const samplePath = await realpath(samplePathOf(stateFolder)).catch(() => null);
    const next = await openWorkspace(path, { notices: context.notices, samplePath });
    if (disposed) {
      await next.dispose();
      return next.info();
    }
    next.renewed.subscribe(() => {
      void next.info().then((info) => {
        if (current === next) events.emit({ kind: 'opened', workspace: info });
      });
    });
    next.changes.subscribe((paths) => events.emit({ kind: 'files', paths: [...paths] }));
    current = next;
    await context.workspace.replace(next);
    const info = await next.info();
    events.emit({ kind: 'opened', workspace: info });
    // The list is a convenience: a full disk must not keep a workspace from opening.
    await recent.add({ path: info.path, name: info.name, openedMs: Date.now() }).catch(() => {});
    void keepBelowLimit(context, info.path);
    return info;
  };
  /** Two windows asking at once open one after the other. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = opening.catch(() => {}).then(work);
    opening = turn;
    return turn;
  };

  return {
    events,
    current: () => current,
    open: (path) => inTurn(() => openAt(expandPath(path))),
    create: (path, name) =>
      inTurn(async () => {
        const folder = expandPath(path);
        await createWorkspaceFolder(folder, name);
        return openAt(folder);
      }),
    openSample: () => inTurn(async () => openAt(await ensureSample(appFolder, stateFolder))),
    recent: () => recent.list(),
    forget: (path) => recent.forget(path),
    async dispose() {
      disposed = true;
      await opening.catch(() => {});
    },
  };
}

/** Nobody waits for it, and a cache that stays larger than wanted is no reason to disturb anyone. */
async function keepBelowLimit(context: CoreContext, workspace: string): Promise<void> {
  try {
    const { cacheLimitGb } = await context.settings.read();
    await pruneCache(workspaceCacheFolder(workspace), { limitBytes: cacheLimitGb * 1e9, nowMs: Date.now() });
  } catch {
    // The next opening tries again.
  }
}
