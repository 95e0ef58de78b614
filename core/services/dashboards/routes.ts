// Routes of dashboards: binds the contract to files below dashboards/.
import { type Dashboard, dashboardText, parseDashboard } from '../../lib/dashboards/dashboard.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { documentHandlers } from '../files/document-handlers.ts';
import { sharedDocuments } from '../files/shared-documents.ts';

export const dashboardFiles = sharedDocuments<Dashboard>({
  folder: 'dashboards',
  noun: 'dashboard',
  // Hundreds of charts with long names stay far below.
  maxBytes: 4 * 1024 * 1024,
  parse: parseDashboard,
  text: dashboardText,
});

export function dashboardsRoutes(context: CoreContext) {
  const root = () => context.workspace.require().path;
  const { save, rename, remove, restore } = documentHandlers(context, dashboardFiles);
  return {
    procedures: {
      list: api.dashboards.list.handler(({ signal }) => dashboardFiles.list(root(), signal)),
      save: api.dashboards.save.handler(save),
      rename: api.dashboards.rename.handler(rename),
      remove: api.dashboards.remove.handler(remove),
      restore: api.dashboards.restore.handler(restore),
    },
    dispose: async () => {},
  };
}
