// A link to a saved view: goes on to its dataset with its rows and columns, or says why that is not possible.
import { useEffect } from 'react';
import { describeError } from '../../../app/describe-error.ts';
import { viewMemory } from '../../../app/view-state.ts';
import { href, navigate } from '../../../app/route.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { rowsHref } from '../view/data-view.ts';
import { useSavedViews, viewName } from './use-saved-views.ts';

/** Whether a link of this feature means a saved view and not a dataset. */
export function isSavedViewPath(path: string | null): path is string {
  return path !== null && path.startsWith('views/') && path.endsWith('.json');
}

export function OpenSavedView({ path }: { readonly path: string }) {
  const { views, error } = useSavedViews();
  const listed = views?.find((view) => view.path === path);
  const file = listed?.hasDataset ? listed.file : null;
  useEffect(() => {
    if (!file) return;
    const { dataset, columns, view } = file.saved;
    const key = `data.columns.${dataset}`;
    viewMemory.setState(({ values }) => ({ values: { ...values, [key]: columns } }));
    navigate(rowsHref(dataset, { row: null, column: null, saved: path }, view), { replace: true });
  }, [file, path]);
  return (
    <Pane header={<PaneHeader title={viewName(path)} />} padded>
      {error ? (
        <ErrorState {...describeError(error)} />
      ) : views === undefined || file ? (
        <Skeleton label="Opening the view" rows={4} />
      ) : listed?.file ? (
        <EmptyState
          title={`The dataset of this view is not here: ${listed.file.saved.dataset}`}
          actions={<Button onPress={() => navigate(href('data'))}>Choose a dataset</Button>}
        >
          Fetch the dataset into this workspace, or change its path in {path}.
        </EmptyState>
      ) : listed ? (
        <EmptyState
          title="This view cannot be read"
          actions={<Button onPress={() => navigate(href('data'))}>Choose a dataset</Button>}
        >
          {listed.problem ?? ''}
        </EmptyState>
      ) : (
        <EmptyState
          title={`There is no view ${viewName(path)}`}
          actions={<Button onPress={() => navigate(href('data'))}>Choose a dataset</Button>}
        >
          It may have been renamed or removed; look for {path} in git.
        </EmptyState>
      )}
    </Pane>
  );
}
