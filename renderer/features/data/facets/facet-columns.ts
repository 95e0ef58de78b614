// Which columns of a dataset are worth counting beside its rows: by the names published corpora use. Pure.
import { z } from 'zod';
import type { DatasetColumn } from '../../../../core/api/dataset-shape.ts';
import { columnPart } from '../../../../core/lib/datasets/view.ts';
import { useViewState } from '../../../app/view-state.ts';

export const facet = z.object({ column: z.string(), part: columnPart.optional() });
export type Facet = z.infer<typeof facet>;

const chosenFacets = z.array(facet).max(100);

/** In the order in which they are shown. */
const wanted: readonly { readonly name: RegExp; readonly part?: 'host' }[] = [
  { name: /(^|\.)(language|lang)$/i },
  { name: /(^|\.)(url|uri|source_url)$/i, part: 'host' },
  { name: /(^|\.)filter_reason$/i },
  { name: /(^|\.)(dump|crawl|snapshot)$/i },
  { name: /^(source_file|file_name|file)$/i },
  { name: /(^|\.)(fw2_kept|kept|is_kept)$/i },
  { name: /(^|\.)(source|category|domain|licen[cs]e|split)$/i },
];

export function usualFacets(columns: readonly DatasetColumn[]): readonly Facet[] {
  return wanted.flatMap(({ name, part }) => {
    const found = columns.find((column) => name.test(column.name));
    return found ? [{ column: found.name, ...(part === undefined ? {} : { part }) }] : [];
  });
}

export function facetTitle({ column, part }: Facet): string {
  return part === 'host' ? `host of ${column}` : column;
}

export function facetKey({ column, part }: Facet): string {
  return `${part ?? ''}\n${column}`;
}

function parseFacets(stored: unknown): readonly Facet[] | undefined {
  const parsed = chosenFacets.safeParse(stored);
  return parsed.success ? parsed.data : undefined;
}

const none: readonly Facet[] | null = null;
const parseChoice = (stored: unknown): readonly Facet[] | null | undefined => parseFacets(stored);

/** What was chosen for a dataset, else the usual ones. */
export function useFacets(
  path: string,
  columns: readonly DatasetColumn[],
): readonly [readonly Facet[], (facets: readonly Facet[]) => void] {
  const [chosen, remember] = useViewState<readonly Facet[] | null>(`data.facets.${path}`, parseChoice, none);
  const names = new Set(columns.map(({ name }) => name));
  return [(chosen ?? usualFacets(columns)).filter(({ column }) => names.has(column)), remember];
}
