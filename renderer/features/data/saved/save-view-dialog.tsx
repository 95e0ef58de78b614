// Asks for the name of a view and writes it to views/.
import { useQueryClient } from '@tanstack/react-query';
import type { ListedView } from '../../../../core/api/views.ts';
import type { ColumnLayout, SavedView } from '../../../../core/lib/datasets/saved-view.ts';
import { type DatasetView, viewSentences } from '../../../../core/lib/datasets/view.ts';
import { navigate } from '../../../app/route.ts';
import { SaveDocumentDialog } from '../../../app/save-document-dialog.tsx';
import { useClient } from '../../../app/session.ts';
import { rowsHref } from '../view/data-view.ts';
import styles from '../view/view.module.css';
import { saveView, viewNames } from './use-saved-views.ts';

/** Of a dataset, as it is on screen. */
export interface ShownView {
  readonly path: string;
  readonly view: DatasetView;
  readonly layout: ColumnLayout;
  /** Path of the view that was opened; null for none. */
  readonly opened: string | null;
  readonly onLayout: (layout: ColumnLayout) => void;
}

export function SaveViewDialog(
  props: ShownView & {
    readonly note: string;
    readonly views: readonly ListedView[];
    readonly onClose: () => void;
  },
) {
  const { path: dataset, view, layout, views, onClose } = props;
  const client = useClient();
  const queries = useQueryClient();
  const sentences = viewSentences(view, null);
  return (
    <SaveDocumentDialog
      noun="view"
      names={viewNames}
      suggested=""
      note={props.note}
      summary={<p className={styles['hint']}>{sentences.length === 0 ? 'All rows' : sentences.join('; ')}</p>}
      listed={views}
      documentOf={(note): SavedView => ({
        kind: 'nesso-view',
        version: 1,
        dataset,
        note,
        view,
        columns: layout,
      })}
      save={(request) => saveView({ client, queries }, request)}
      onSaved={(path) =>
        navigate(rowsHref(dataset, { row: null, column: null, saved: path }, view), { replace: true })
      }
      onClose={onClose}
    />
  );
}
