// Rows, quality, annotate, judge or bench: which of the modes a link to a dataset means, and the links between them.
import { href } from '../../../../app/route.ts';
import { useViewState } from '../../../../app/view-state.ts';

export type DataMode = 'rows' | 'quality' | 'annotate' | 'judge' | 'bench';

/** In the order of the switch. `command` and `keys` are for the palette and the keyboard. */
export const dataModes: readonly {
  readonly id: DataMode;
  readonly title: string;
  readonly command: string;
  readonly keys: string;
}[] = [
  { id: 'rows', title: 'Rows', command: 'Show the rows', keys: 'M R' },
  { id: 'quality', title: 'Quality', command: 'Open the quality lab', keys: 'M Q' },
  { id: 'annotate', title: 'Annotate', command: 'Annotate documents', keys: 'M A' },
  { id: 'judge', title: 'Judge', command: 'Judge documents with a language model', keys: 'M J' },
  { id: 'bench', title: 'Bench', command: 'Compare judges and heads with people', keys: 'M B' },
];

function parseMode(stored: unknown): DataMode | undefined {
  return dataModes.find(({ id }) => id === stored)?.id;
}

/** A link to a row, a column or a view means rows; one that says nothing means what was used last. */
export function useDataMode(query: URLSearchParams): readonly [DataMode, (mode: DataMode) => void] {
  const [remembered, remember] = useViewState<DataMode>('data.mode', parseMode, 'rows');
  const named = parseMode(query.get('view'));
  const mode = named ?? (query.has('row') || query.has('column') || query.has('where') ? 'rows' : remembered);
  return [mode, remember];
}

export function modeHref(path: string, mode: DataMode): string {
  return href('data', path, { view: mode });
}

/** The link of the lab: the corpus and what is chosen. */
export function labHref(paths: readonly string[], parameters: Readonly<Record<string, string>>): string {
  const [path = '', ...others] = paths;
  const link = href('data', path, { view: 'quality', ...parameters });
  return others.length === 0
    ? link
    : `${link}&${others.map((other) => `with=${encodeURIComponent(other)}`).join('&')}`;
}
