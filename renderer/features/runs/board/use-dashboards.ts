// Dashboards of the workspace, and what can be done with them: save, rename, remove with a way back.
import { type QueryClient, useQuery } from '@tanstack/react-query';
import type { StudioClient } from '../../../../core/api/contract.ts';
import type { ListedDashboard, SaveDashboardResult } from '../../../../core/api/dashboards.ts';
import type { Dashboard } from '../../../../core/lib/dashboards/dashboard.ts';
import { notify } from '../../../app/notifications.ts';
import { filesKey } from '../../../app/query-keys.ts';
import { navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { dashboardHref, dashboardName } from './dashboard-names.ts';

const dashboardsKey = [...filesKey, 'dashboards'] as const;

export function useDashboards(): {
  readonly dashboards: readonly ListedDashboard[] | undefined;
  readonly error: unknown;
} {
  const client = useClient();
  const listed = useQuery({
    queryKey: dashboardsKey,
    queryFn: ({ signal }) => client.dashboards.list(undefined, { signal }),
  });
  return { dashboards: listed.data, error: listed.error };
}

export interface Tools {
  readonly client: StudioClient;
  readonly queries: QueryClient;
}

export async function saveDashboard(
  { client, queries }: Tools,
  request: { readonly path: string; readonly saved: Dashboard; readonly baseVersion: string | null },
): Promise<SaveDashboardResult> {
  const result = await client.dashboards.save(request);
  await queries.invalidateQueries({ queryKey: dashboardsKey });
  return result;
}

export async function renameDashboard({ client, queries }: Tools, from: string, to: string): Promise<void> {
  await client.dashboards.rename({ from, to });
  await queries.invalidateQueries({ queryKey: dashboardsKey });
}

/** Says so, with a way back. */
export async function removeDashboard({ client, queries }: Tools, path: string): Promise<void> {
  const { restoreToken } = await client.dashboards.remove({ path });
  await queries.invalidateQueries({ queryKey: dashboardsKey });
  notify({
    severity: 'info',
    title: `Dashboard ${dashboardName(path)} removed`,
    detail: path,
    action: {
      label: 'Undo',
      perform: async () => {
        const restored = await client.dashboards.restore({ restoreToken });
        await queries.invalidateQueries({ queryKey: dashboardsKey });
        navigate(dashboardHref(restored.path));
      },
    },
  });
}
