// Routes of workspace: binds the contract to the services of this folder.
import { StudioError } from '../../api/errors.ts';
import type { WorkspaceEvent } from '../../api/workspace.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { streamOf } from '../signal-bus.ts';
import { browseFolders } from './browse.ts';
import { listFiles } from './list-files.ts';
import { createWorkspaceService } from './service.ts';

export function workspaceRoutes(context: CoreContext) {
  const service = createWorkspaceService(context);
  const openState = () => {
    context.workspace.require();
    return service.current()?.windowState;
  };
  return {
    procedures: {
      current: api.workspace.current.handler(async () => ({
        workspace: (await context.workspace.current?.info()) ?? null,
      })),
      open: api.workspace.open.handler(({ input }) => service.open(input.path)),
      create: api.workspace.create.handler(({ input }) => service.create(input.path, input.name)),
      openSample: api.workspace.openSample.handler(() => service.openSample()),
      recent: api.workspace.recent.handler(() => service.recent()),
      forget: api.workspace.forget.handler(async ({ input }) => {
        await service.forget(input.path);
        return {};
      }),
      browse: api.workspace.browse.handler(({ input }) => browseFolders(input.path)),
      files: api.workspace.files.handler(({ signal }) => listFiles(context.workspace.require().path, signal)),
      omitted: api.workspace.omitted.handler(async ({ signal }) => {
        const { files, truncated, unread } = await listFiles(context.workspace.require().path, signal);
        return { unread, listedFiles: truncated ? files.length : null };
      }),
      refresh: api.workspace.refresh.handler(async () => {
        await context.workspace.require().refresh();
        return {};
      }),
      events: api.workspace.events.handler(async function* ({ signal }) {
        yield* streamOf(service.events, { signal, keyOf: (event) => event.kind, merge: mergeEvents });
      }),
      readState: api.workspace.readState.handler(async () => ({ state: (await openState()?.read()) ?? {} })),
      changeState: api.workspace.changeState.handler(async ({ input }) => {
        const state = openState();
        if (context.workspace.require().path !== input.workspace) {
          throw new StudioError('NO_WORKSPACE', 'Another workspace is open now', {
            hint: 'Open this workspace again',
            path: input.workspace,
          });
        }
        await state?.change(input.changes);
        return {};
      }),
    },
    dispose: () => service.dispose(),
  };
}

function mergeEvents(older: WorkspaceEvent, newer: WorkspaceEvent): WorkspaceEvent {
  if (older.kind !== 'files' || newer.kind !== 'files') return newer;
  return { kind: 'files', paths: [...new Set([...older.paths, ...newer.paths])] };
}
