// Below the datasets: the saved views of the workspace.
import { useQueryClient } from '@tanstack/react-query';
import type { ListedView } from '../../../../core/api/views.ts';
import { notifyError } from '../../../app/notifications.ts';
import { navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { fileName } from '../../../ui/format.ts';
import { ListView } from '../../../ui/list-view.tsx';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { TwoLineRow } from '../../../ui/two-line-row.tsx';
import styles from './saved.module.css';
import { removeView, useSavedViews, viewHref, viewName } from './use-saved-views.ts';

const ROW_PX = 46;
/** More scroll. */
const MAX_SHOWN = 6;
const HEADER_PX = 38;

export function SavedViewsList({ selected }: { readonly selected: string | null }) {
  const client = useClient();
  const queries = useQueryClient();
  const { views } = useSavedViews();
  if (!views || views.length === 0) return null;
  const shown = Math.min(views.length, MAX_SHOWN);
  return (
    <section
      className={styles['list']}
      aria-label="Saved views"
      style={{ height: HEADER_PX + shown * ROW_PX + (views.length > MAX_SHOWN ? HEADER_PX : 0) }}
    >
      <Pane header={<PaneHeader title="Views" detail={String(views.length)} />} scrolls={false}>
        <ListView
          label="Saved views"
          items={views}
          idOf={(view) => view.path}
          textOf={(view) => viewName(view.path)}
          selectedId={selected}
          onOpen={(path) => navigate(viewHref(path))}
          hrefOf={(view) => viewHref(view.path)}
          onDelete={(path) => void removeView({ client, queries }, path).catch(notifyError)}
          rowHeightPx={ROW_PX}
          renderItem={(view) => (
            <TwoLineRow name={viewName(view.path)} title={view.path} detail={detailOf(view)} />
          )}
        />
      </Pane>
    </section>
  );
}

function detailOf({ file, hasDataset, problem }: ListedView): string {
  if (!file) return problem ?? 'Cannot be read';
  const name = fileName(file.saved.dataset);
  if (!hasDataset) return `${name} is not here`;
  return file.saved.note === '' ? name : `${name} · ${file.saved.note.split('\n')[0] ?? ''}`;
}
