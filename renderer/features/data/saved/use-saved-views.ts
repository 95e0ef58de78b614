// Saved views of the workspace, and what can be done with them: save, rename, remove with a way back.
import { type QueryClient, useQuery } from '@tanstack/react-query';
import type { StudioClient } from '../../../../core/api/contract.ts';
import type { ListedView, SaveViewResult } from '../../../../core/api/views.ts';
import type { SavedView } from '../../../../core/lib/datasets/saved-view.ts';
import { notify } from '../../../app/notifications.ts';
import { filesKey } from '../../../app/query-keys.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { viewName } from './view-names.ts';

export { viewName, viewPath } from './view-names.ts';

const viewsKey = [...filesKey, 'views'] as const;

export function useSavedViews(): {
  readonly views: readonly ListedView[] | undefined;
  readonly error: unknown;
} {
  const client = useClient();
  const listed = useQuery({
    queryKey: viewsKey,
    queryFn: ({ signal }) => client.views.list(undefined, { signal }),
  });
  return { views: listed.data, error: listed.error };
}

export function viewHref(path: string): string {
  return href('data', path);
}

export interface Tools {
  readonly client: StudioClient;
  readonly queries: QueryClient;
}

export async function saveView(
  { client, queries }: Tools,
  request: { readonly path: string; readonly saved: SavedView; readonly baseVersion: string | null },
): Promise<SaveViewResult> {
  const result = await client.views.save(request);
  await queries.invalidateQueries({ queryKey: viewsKey });
  return result;
}

export async function renameView({ client, queries }: Tools, from: string, to: string): Promise<void> {
  await client.views.rename({ from, to });
  await queries.invalidateQueries({ queryKey: viewsKey });
}

/** Says so, with a way back. */
export async function removeView({ client, queries }: Tools, path: string): Promise<void> {
  const { restoreToken } = await client.views.remove({ path });
  await queries.invalidateQueries({ queryKey: viewsKey });
  notify({
    severity: 'info',
    title: `View ${viewName(path)} removed`,
    detail: path,
    action: {
      label: 'Undo',
      perform: async () => {
        const restored = await client.views.restore({ restoreToken });
        await queries.invalidateQueries({ queryKey: viewsKey });
        navigate(viewHref(restored.path));
      },
    },
  });
}
