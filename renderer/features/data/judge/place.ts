// Where one is while judging, as a link says it: `?view=judge` is a question not yet asked, `…&judgement=name` one that was.
import { href } from '../../../app/route.ts';

export interface JudgePlace {
  readonly judgement: string | null;
  readonly show: 'board' | 'results';
  /** Of the results: the document that is open. */
  readonly document: string | null;
}

export function readJudgePlace(query: URLSearchParams): JudgePlace {
  return {
    judgement: query.get('judgement'),
    show: query.get('show') === 'results' ? 'results' : 'board',
    document: query.get('document'),
  };
}

export function judgeHref(path: string, place: Partial<JudgePlace>): string {
  const { judgement, show, document } = place;
  return href('data', path, {
    view: 'judge',
    ...(judgement ? { judgement } : {}),
    ...(show === 'results' ? { show } : {}),
    ...(document ? { document } : {}),
  });
}
