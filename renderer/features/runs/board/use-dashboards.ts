// Dashboards of the workspace, and what can be done with them: save, rename, remove with a way back.
import type { ListedDashboard } from '../../../../core/api/dashboards.ts';
import type { Dashboard } from '../../../../core/lib/dashboards/dashboard.ts';
import { sharedDocuments } from '../../../app/shared-documents.ts';
import { dashboardHref, dashboardNames, FOLDER } from './dashboard-names.ts';

const documents = sharedDocuments<Dashboard, ListedDashboard>({
  noun: 'Dashboard',
  folder: FOLDER,
  names: dashboardNames,
  hrefOf: dashboardHref,
  clientOf: (client) => client.dashboards,
});
export const saveDashboard = documents.save;
export const renameDashboard = documents.rename;
export const removeDashboard = documents.remove;

export function useDashboards(): {
  readonly dashboards: readonly ListedDashboard[] | undefined;
  readonly error: unknown;
} {
  const { listed, error } = documents.useListed();
  return { dashboards: listed, error };
}
