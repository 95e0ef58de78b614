// The columns of the grid from the left: names, pinned columns, the mean of all, then tasks, with the mean of a language after its tasks
// where they stand by language and at the end where they do not. Pure.
import type { ShownLeaderboard } from '../../../../core/lib/evaluations/leaderboard.ts';
import { languageName } from './language-name.ts';

export type GridColumn =
  | { readonly kind: 'name' }
  /** `pinnedAt`: how many pinned columns stand before it; null for one that scrolls. */
  | { readonly kind: 'column'; readonly place: number; readonly pinnedAt: number | null }
  | { readonly kind: 'mean'; readonly place: number };

export interface LanguageBand {
  readonly label: string;
  /** Place in the grid. */
  readonly first: number;
  readonly count: number;
}

type Shown = Pick<ShownLeaderboard, 'columns' | 'means' | 'pinnedColumns'>;

export function gridColumns(
  { columns, means, pinnedColumns }: Shown,
  byLanguage: boolean,
): readonly GridColumn[] {
  const grid: GridColumn[] = [{ kind: 'name' }];
  for (let place = 0; place < pinnedColumns; place += 1)
    grid.push({ kind: 'column', place, pinnedAt: place });
  const left = new Map(means.map(({ label }, place) => [label, place]));
  const takeMean = (label: string) => {
    const place = left.get(label);
    if (place !== undefined) grid.push({ kind: 'mean', place });
    left.delete(label);
  };
  takeMean('all');
  for (let place = pinnedColumns; place < columns.length; place += 1) {
    grid.push({ kind: 'column', place, pinnedAt: null });
    const language = columns[place]?.language ?? null;
    if (byLanguage && language !== null && columns[place + 1]?.language !== language) takeMean(language);
  }
  for (const label of left.keys()) takeMean(label);
  return grid;
}

/** Columns of one language beside each other. */
export function languageBands(
  grid: readonly GridColumn[],
  { columns, means }: Shown,
): readonly LanguageBand[] {
  const bands: { label: string; first: number; count: number }[] = [];
  for (const [at, column] of grid.entries()) {
    if (column.kind === 'name' || (column.kind === 'column' && column.pinnedAt !== null)) continue;
    const language =
      column.kind === 'column'
        ? (columns[column.place]?.language ?? null)
        : (means[column.place]?.label ?? null);
    if (language === 'all') continue;
    const label = language === null ? 'No language known' : languageName(language);
    const last = bands.at(-1);
    if (last?.label === label && last.first + last.count === at) last.count += 1;
    else bands.push({ label, first: at, count: 1 });
  }
  return bands;
}
