// Core as one object: every service behind the contract, ready for any transport.
// Knows neither Electron nor HTTP; hosts attach a transport to `router` and call `dispose` at the end.
import { createActivityLog } from './services/system/activities.ts';
import { createNoticeBoard } from './services/system/notices.ts';
import { createSettingsFile } from './services/system/settings.ts';
import type { CoreContext, CoreOptions } from './services/context.ts';
import { createRouter, type StudioRouter } from './services/router.ts';
import { createWorkspaceHolder } from './services/workspace/holder.ts';

export interface Core {
  readonly context: CoreContext;
  readonly router: StudioRouter;
  /** Closes the workspace and the native children. Runs on this computer go on. */
  dispose(): Promise<void>;
}

export function createCore(options: CoreOptions): Core {
  const context: CoreContext = {
    options,
    workspace: createWorkspaceHolder(),
    settings: createSettingsFile(options.stateFolder),
    activities: createActivityLog(),
    notices: createNoticeBoard(),
  };
  const { router, dispose } = createRouter(context);
  return {
    context,
    router,
    async dispose() {
      await context.activities.dispose();
      await dispose();
      await context.workspace.replace(null);
    },
  };
}
