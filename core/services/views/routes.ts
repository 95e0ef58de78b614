// Routes of saved views: binds the contract to the files of this folder.
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { documentHandlers } from '../files/document-handlers.ts';
import { listViews, viewFiles } from './view-files.ts';

export function viewsRoutes(context: CoreContext) {
  const root = () => context.workspace.require().path;
  const { save, rename, remove, restore } = documentHandlers(context, viewFiles);
  return {
    procedures: {
      list: api.views.list.handler(({ signal }) => listViews(root(), signal)),
      save: api.views.save.handler(save),
      rename: api.views.rename.handler(rename),
      remove: api.views.remove.handler(remove),
      restore: api.views.restore.handler(restore),
    },
    dispose: async () => {},
  };
}
