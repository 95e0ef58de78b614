// Routes of dashboards: binds the contract to files below dashboards/.
import { type Dashboard, dashboardText, parseDashboard } from '../../lib/dashboards/dashboard.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
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
  return {
    procedures: {
      list: api.dashboards.list.handler(({ signal }) => dashboardFiles.list(root(), signal)),
      save: api.dashboards.save.handler(({ input }) => dashboardFiles.save(root(), input)),
      rename: api.dashboards.rename.handler(async ({ input }) => {
        await dashboardFiles.rename(root(), input.from, input.to);
        return {};
      }),
      remove: api.dashboards.remove.handler(async ({ input }) => ({
        restoreToken: await dashboardFiles.remove(root(), input.path),
      })),
      restore: api.dashboards.restore.handler(async ({ input }) => ({
        path: await dashboardFiles.restore(root(), input.restoreToken),
      })),
    },
    dispose: async () => {},
  };
}
