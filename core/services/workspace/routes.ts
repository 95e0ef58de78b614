// Routes of workspace: binds the contract to the services of this folder.
import type { CoreContext } from '../context.ts';
import { api } from '../base.ts';
import { notBuilt } from '../not-built.ts';

export function workspaceRoutes(_context: CoreContext) {
  return {
    procedures: {
      current: api.workspace.current.handler(notBuilt),
      open: api.workspace.open.handler(notBuilt),
      create: api.workspace.create.handler(notBuilt),
      openSample: api.workspace.openSample.handler(notBuilt),
      recent: api.workspace.recent.handler(notBuilt),
      forget: api.workspace.forget.handler(notBuilt),
      browse: api.workspace.browse.handler(notBuilt),
      files: api.workspace.files.handler(notBuilt),
      events: api.workspace.events.handler(notBuilt),
      readState: api.workspace.readState.handler(notBuilt),
      writeState: api.workspace.writeState.handler(notBuilt),
    },
    dispose: async () => {},
  };
}
