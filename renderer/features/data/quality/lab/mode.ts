// Rows, quality, annotate or judge: which of the modes a link to a dataset means, and the links between them.
import { href } from '../../../../app/route.ts';
import { useViewState } from '../../../../app/view-state.ts';

const dataModes = ['rows', 'quality', 'annotate', 'judge', 'bench'] as const;
export type DataMode = (typeof dataModes)[number];

function parseMode(stored: unknown): DataMode | undefined {
  return dataModes.find((mode) => mode === stored);
}

/** A link to a row, a column or a view means rows; one that says nothing means what was used last. */
export function useDataMode(query: URLSearchParams): readonly [DataMode, (mode: DataMode) => void] {
  const [remembered, remember] = useViewState<DataMode>('data.mode', parseMode, 'rows');
  const named = parseMode(query.get('view'));
  const mode = named ?? (query.has('row') || query.has('column') || query.has('where') ? 'rows' : remembered);
  return [mode, remember];
}

/** The link of the lab: the corpus and what is chosen. */
export function labHref(paths: readonly string[], parameters: Readonly<Record<string, string>>): string {
  const [path = '', ...others] = paths;
  const link = href('data', path, { view: 'quality', ...parameters });
  return others.length === 0
    ? link
    : `${link}&${others.map((other) => `with=${encodeURIComponent(other)}`).join('&')}`;
}
