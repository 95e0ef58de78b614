// What a list of the workspace's files lacks, said below it: folders that may not be read, files beyond as many as are listed.
// Nothing where nothing is missing.
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { formatInteger, formatQuantity } from '../ui/format.ts';
import styles from './omitted-files.module.css';
import { queryKeys } from './query-keys.ts';
import { useClient } from './session.ts';

/** Their names are all in the tooltip of the line. */
const SHOWN_FOLDERS = 3;

export function OmittedFiles() {
  const client = useClient();
  const { data } = useQuery({
    queryKey: queryKeys.omitted,
    queryFn: ({ signal }) => client.workspace.omitted(undefined, { signal }),
  });
  const unread = (data?.unread ?? []).map((path) => (path === '' ? 'the workspace itself' : path));
  const listed = data?.listedFiles ?? null;
  if (unread.length === 0 && listed === null) return null;
  return (
    <div className={styles['omitted']} role="note">
      <TriangleAlert size={14} strokeWidth={1.75} aria-hidden />
      <div>
        {unread.length > 0 ? (
          <p title={unread.join('\n')}>
            {formatQuantity(unread.length, 'folder')} cannot be read, so what is inside is missing here:{' '}
            {unread.slice(0, SHOWN_FOLDERS).join(', ')}
            {unread.length > SHOWN_FOLDERS ? ` and ${formatInteger(unread.length - SHOWN_FOLDERS)} more` : ''}
          </p>
        ) : null}
        {listed === null ? null : (
          <p>The workspace has more files than are listed: {formatInteger(listed)} were looked at</p>
        )}
      </div>
    </div>
  );
}
