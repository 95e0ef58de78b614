// Which rows of a dataset are wanted: in the link, so that it can be shared, and remembered with the workspace.
// Which of them are found is open-view.ts.
import { useEffect, useMemo } from 'react';
import {
  type DatasetView,
  datasetView,
  isWhole,
  parseViewText,
  viewText,
  wholeDataset,
} from '../../../../core/lib/datasets/view.ts';
import { href, navigate } from '../../../app/route.ts';
import { useViewState } from '../../../app/view-state.ts';

function parseStored(stored: unknown): DatasetView | undefined {
  const parsed = datasetView.safeParse(stored);
  return parsed.success ? parsed.data : undefined;
}

export interface RowsPlace {
  readonly row: number | null;
  readonly column: string | null;
  /** Path of the saved view that was opened. */
  readonly saved?: string | null;
}

export function placeOf(query: URLSearchParams): RowsPlace {
  return {
    row: query.has('row') ? Number(query.get('row')) : null,
    column: query.get('column'),
    saved: query.get('saved'),
  };
}

/** The link to a row and a column's histogram within a view. */
export function rowsHref(path: string, place: RowsPlace, view: DatasetView): string {
  const said = {
    ...(place.row === null ? {} : { row: place.row }),
    ...(place.column === null ? {} : { column: place.column }),
    ...(isWhole(view) ? (place.saved ? { where: '{}' } : {}) : { where: viewText(view) }),
    ...(place.saved ? { saved: place.saved } : {}),
  };
  // A link that says nothing would mean the mode used last, which may be another.
  return href('data', path, Object.keys(said).length === 0 ? { view: 'rows' } : said);
}

/** The view of the link; a link without one means the view this file was left with. */
export function useDataView(
  path: string,
  query: URLSearchParams,
): readonly [DatasetView, (view: DatasetView) => void] {
  const [stored, remember] = useViewState<DatasetView>(`data.view.${path}`, parseStored, wholeDataset);
  const linked = query.get('where');
  const named = linked === null ? null : parseViewText(linked);
  const text = viewText(named ?? stored);
  const view = useMemo(() => parseViewText(text) ?? wholeDataset, [text]);
  // Only a link that is new counts: while one is left, what was chosen since is already remembered.
  useEffect(() => {
    const followed = linked === null ? null : parseViewText(linked);
    if (followed !== null) remember(followed);
  }, [linked, remember]);
  const setView = (next: DatasetView) => {
    remember(next);
    navigate(rowsHref(path, placeOf(query), next));
  };
  return [view, setView];
}

/** Puts a remembered view into the address, where it can be copied. */
export function useViewInAddress(path: string, query: URLSearchParams, view: DatasetView): void {
  const isMissing = !query.has('where') && !isWhole(view);
  useEffect(() => {
    if (isMissing) navigate(rowsHref(path, placeOf(query), view), { replace: true });
  }, [isMissing, path, query, view]);
}
