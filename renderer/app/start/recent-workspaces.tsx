// Workspaces that were open before, newest first; those whose folder is gone are grey and can be forgotten.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { X } from 'lucide-react';
import type { RecentWorkspace } from '../../../core/api/workspace.ts';
import { IconButton } from '../../ui/button.tsx';
import { formatAge } from '../../ui/format.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { notifyError } from '../notifications.ts';
import type { WorkspaceOpening } from './open-workspace.ts';
import { queryKeys } from '../query-keys.ts';
import { useClient } from '../session.ts';
import styles from './workspace-picker.module.css';

export function RecentWorkspaces({ opening }: { readonly opening: WorkspaceOpening }) {
  const client = useClient();
  const recent = useQuery({
    queryKey: queryKeys.recentWorkspaces,
    queryFn: ({ signal }) => client.workspace.recent(undefined, { signal }),
  });
  if (recent.isPending) return <Skeleton label="Loading recent workspaces" rows={3} />;
  const list = recent.data ?? [];
  return (
    <section className={styles['recent']} aria-label="Recent workspaces">
      <h2 className={styles['heading']}>Recent</h2>
      {list.length === 0 ? (
        <p className={styles['none']}>
          None yet. The sample holds the published Zagreus config, documents in several languages and a tiny
          model to chat with.
        </p>
      ) : (
        <ul>
          {list.map((entry) => (
            <Row key={entry.path} entry={entry} opening={opening} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ entry, opening }: { readonly entry: RecentWorkspace; readonly opening: WorkspaceOpening }) {
  const client = useClient();
  const queries = useQueryClient();
  const forget = async () => {
    try {
      await client.workspace.forget({ path: entry.path });
      await queries.invalidateQueries({ queryKey: queryKeys.recentWorkspaces });
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <li className={styles['row']}>
      <button
        type="button"
        className={styles['open']}
        disabled={!entry.exists || opening.isBusy}
        onClick={() => opening.open(entry.path)}
      >
        <span className={styles['name']}>{entry.name}</span>
        <span className={styles['path']}>{entry.path}</span>
        <span className={styles['age']}>
          {entry.exists ? formatAge(entry.openedMs) : 'the folder is gone'}
        </span>
      </button>
      <IconButton icon={X} size="small" label={`Forget ${entry.name}`} onPress={() => void forget()} />
    </li>
  );
}
