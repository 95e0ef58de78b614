// The pages of the rows that are shown: cells of the shown columns, those of long texts apart, and where each column's cell is.
import { useEffect, useMemo, useState } from 'react';
import type { DatasetColumn, DatasetInfo } from '../../../core/api/dataset-shape.ts';
import { useClient } from '../../app/session.ts';
import type { CellPlaces } from './grid-cells.tsx';
import { isText } from './grid-columns.ts';
import { useDecodingTokenizer } from './reader/use-tokenizers.ts';
import { createRowPages, type PageSource, type RowPages } from './row-pages.ts';

export interface Pages {
  readonly cells: RowPages;
  readonly text: RowPages;
  readonly places: CellPlaces;
}

/** Null while the rows of a view are being found. Hidden columns are not read; another order of columns reads nothing anew. */
export function useRowPages(
  dataset: DatasetInfo,
  shown: readonly DatasetColumn[],
  { isWholeFile, viewId }: { readonly isWholeFile: boolean; readonly viewId: string | null },
): Pages | null {
  const client = useClient();
  const [pages, setPages] = useState<Pages | null>(null);
  const [tokenizer] = useDecodingTokenizer(dataset.path);
  const { path, columns } = dataset;
  const wanted = JSON.stringify(shown.map(({ name }) => name).toSorted());
  const names = useMemo(() => {
    const isShown = new Set(JSON.parse(wanted) as readonly string[]);
    const fetched = columns.filter(({ name }) => isShown.has(name));
    const others = fetched.filter((column) => !isText(column)).map(({ name }) => name);
    const texts = fetched.filter(isText).map(({ name }) => name);
    return { others, texts };
  }, [columns, wanted]);
  useEffect(() => {
    if (!isWholeFile && viewId === null) return;
    const source: PageSource =
      viewId === null || isWholeFile
        ? { kind: 'file', path, tokenizer }
        : { kind: 'view', viewId, tokenizer };
    const { others, texts } = names;
    const next = {
      cells: createRowPages(client, source, others),
      text: createRowPages(client, source, texts),
      places: new Map([
        ...others.map((name, index) => [name, index] as const),
        ...texts.map((name, index) => [name, index] as const),
      ]),
    };
    setPages(next);
    return () => {
      setPages(null);
      next.cells.dispose();
      next.text.dispose();
    };
  }, [client, path, names, isWholeFile, viewId, tokenizer]);
  return pages;
}
