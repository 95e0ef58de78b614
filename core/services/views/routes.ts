// Routes of saved views: binds the contract to the files of this folder.
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { listViews, viewFiles } from './view-files.ts';

export function viewsRoutes(context: CoreContext) {
  const root = () => context.workspace.require().path;
  return {
    procedures: {
      list: api.views.list.handler(({ signal }) => listViews(root(), signal)),
      save: api.views.save.handler(({ input }) => viewFiles.save(root(), input)),
      rename: api.views.rename.handler(async ({ input }) => {
        await viewFiles.rename(root(), input.from, input.to);
        return {};
      }),
      remove: api.views.remove.handler(async ({ input }) => ({
        restoreToken: await viewFiles.remove(root(), input.path),
      })),
      restore: api.views.restore.handler(async ({ input }) => ({
        path: await viewFiles.restore(root(), input.restoreToken),
      })),
    },
    dispose: async () => {},
  };
}
