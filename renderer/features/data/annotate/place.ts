// Where one is while annotating, as a link says it: `?view=annotate&campaign=pilot&at=3` or `…&show=report&spread=2`. Who one is stays out
// of links: it is remembered with the workspace.
import { fileSafeName } from '../../../../core/lib/annotations/campaign.ts';
import { href } from '../../../app/route.ts';
import { useViewState } from '../../../app/view-state.ts';

export interface Place {
  readonly campaign: string | null;
  /** Counted from 0, in links from 1. Null: wherever this person goes on. */
  readonly at: number | 'done' | null;
  readonly show: 'documents' | 'report';
  /** In the report: the documents whose ratings are at most so far apart are listed. */
  readonly spread: number | null;
}

export function readPlace(query: URLSearchParams): Place {
  const at = query.get('at');
  const number = Number(at);
  return {
    campaign: query.get('campaign'),
    at: at === 'done' ? 'done' : at !== null && Number.isInteger(number) && number >= 1 ? number - 1 : null,
    show: query.get('show') === 'report' ? 'report' : 'documents',
    spread: /^[0-5]$/.test(query.get('spread') ?? '') ? Number(query.get('spread')) : null,
  };
}

export function placeHref(path: string, place: Partial<Place>): string {
  const { campaign, at, show, spread } = place;
  return href('data', path, {
    view: 'annotate',
    ...(campaign ? { campaign } : {}),
    ...(at === null || at === undefined ? {} : { at: at === 'done' ? at : at + 1 }),
    ...(show === 'report' ? { show } : {}),
    ...(spread === null || spread === undefined ? {} : { spread }),
  });
}

function parseName(stored: unknown): string | undefined {
  return fileSafeName.safeParse(stored).data;
}

/** The name one annotates under; empty until one said who one is. */
export function useAnnotator(): readonly [string, (name: string) => void] {
  return useViewState('data.annotator', parseAnnotator, '');
}

const parseAnnotator = (stored: unknown): string | undefined => (stored === '' ? '' : parseName(stored));
