// Where one is while judging, as a link says it: `?view=judge` is a question not yet asked, `…&judgement=name` one that was.
import { type ResultChoice, resultChoice } from '../../../../core/api/judges.ts';
import { href } from '../../../app/route.ts';

export interface JudgePlace {
  readonly judgement: string | null;
  readonly show: 'board' | 'results';
  /** Of the results: the document that is open. */
  readonly document: string | null;
  /** Of the results: which are shown. */
  readonly only: ResultChoice;
}

export function readJudgePlace(query: URLSearchParams): JudgePlace {
  return {
    judgement: query.get('judgement'),
    show: query.get('show') === 'results' ? 'results' : 'board',
    document: query.get('document'),
    only: resultChoice.safeParse(query.get('only')).data ?? 'all',
  };
}

export function judgeHref(path: string, place: Partial<JudgePlace>): string {
  const { judgement, show, document, only = 'all' } = place;
  return href('data', path, {
    view: 'judge',
    ...(judgement ? { judgement } : {}),
    ...(show === 'results' ? { show } : {}),
    ...(document ? { document } : {}),
    ...(only === 'all' ? {} : { only }),
  });
}
