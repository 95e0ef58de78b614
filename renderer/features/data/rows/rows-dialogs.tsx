// The dialogs over the rows of a dataset: a filter, the columns, the export. Knows nothing of the grid.
import type { DatasetColumn, DatasetInfo } from '../../../../core/api/dataset-shape.ts';
import type { DatasetView } from '../../../../core/lib/datasets/view.ts';
import type { ColumnLayout } from '../../../../core/lib/datasets/saved-view.ts';
import { ColumnsDialog } from '../columns/columns-dialog.tsx';
import { type FilterQuestion, questionOf } from '../view/column-menu.tsx';
import { ExportViewDialog } from '../view/export-view-dialog.tsx';
import { FilterDialog } from '../view/filter-dialog.tsx';
import { withFilter } from '../view/filters.ts';

export type Asked =
  | { readonly kind: 'columns' }
  | { readonly kind: 'export' }
  /** Without a column the dialog asks for it. */
  | { readonly kind: 'filter'; readonly column?: DatasetColumn; readonly question?: FilterQuestion };

export interface RowsDialogsProps {
  readonly dataset: DatasetInfo;
  readonly asked: Asked | null;
  readonly view: DatasetView;
  readonly layout: ColumnLayout;
  readonly onView: (view: DatasetView) => void;
  readonly onLayout: (layout: ColumnLayout) => void;
  readonly onClose: () => void;
}

export function RowsDialogs(props: RowsDialogsProps) {
  const { dataset, asked, view, layout, onClose } = props;
  if (asked === null) return null;
  if (asked.kind === 'columns')
    return (
      <ColumnsDialog columns={dataset.columns} layout={layout} onChange={props.onLayout} onClose={onClose} />
    );
  if (asked.kind === 'export') return <ExportViewDialog dataset={dataset} view={view} onClose={onClose} />;
  const column = asked.column ?? dataset.columns[0];
  if (!column) return null;
  return (
    <FilterDialog
      view={view}
      path={dataset.path}
      column={column}
      question={asked.question ?? questionOf(column)}
      onAdd={(filter) => props.onView(withFilter(view, filter))}
      onClose={onClose}
      {...(asked.column ? {} : { columns: dataset.columns })}
    />
  );
}
