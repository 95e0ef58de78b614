// What is compared and which figure is shown, as a link says it: `?view=bench&with=a&with=b&truth=…&show=confusion`. Pure.
import type { BenchRequest } from '../../../../core/api/judge-bench.ts';
import { href } from '../../../app/route.ts';

export const benchViews = ['spearman', 'classes', 'thresholds', 'people', 'heads', 'report'] as const;
export type BenchView = (typeof benchViews)[number];

export interface BenchPlace {
  /** The data set that is open: the truth unless `truth` says otherwise, and the predictions unless `predictions` do. */
  readonly path: string;
  /** `campaign:NAME`, `column:NAME` of the open data set, or null. */
  readonly truth: string | null;
  readonly predictions: readonly string[];
  readonly show: BenchView;
  /** The cell whose documents are shown. */
  readonly source: string | null;
  readonly language: string | null;
}

export function readBenchPlace(path: string, query: URLSearchParams): BenchPlace {
  const predictions = query.getAll('with');
  return {
    path,
    truth: query.get('truth'),
    predictions: predictions.length === 0 ? [path] : predictions,
    show: benchViews.find((view) => view === query.get('show')) ?? 'spearman',
    source: query.get('source'),
    language: query.get('language'),
  };
}

export function benchHref(place: BenchPlace): string {
  const { path, truth, predictions, show, source, language } = place;
  const link = href('data', path, {
    view: 'bench',
    ...(truth === null ? {} : { truth }),
    ...(show === 'spearman' ? {} : { show }),
    ...(source === null ? {} : { source }),
    ...(language === null ? {} : { language }),
  });
  const isDefault = predictions.length === 1 && predictions[0] === path;
  return isDefault ? link : `${link}${predictions.map((own) => `&with=${encodeURIComponent(own)}`).join('')}`;
}

const CAMPAIGN = 'campaign:';
const COLUMN = 'column:';

export function truthOf({ path, truth }: BenchPlace): BenchRequest['truth'] {
  if (truth?.startsWith(CAMPAIGN)) return { kind: 'campaign', name: truth.slice(CAMPAIGN.length) };
  return { kind: 'file', path, column: truth?.startsWith(COLUMN) ? truth.slice(COLUMN.length) : null };
}

export function campaignTruth(name: string): string {
  return `${CAMPAIGN}${name}`;
}

export function requestOf(place: BenchPlace): Pick<BenchRequest, 'truth' | 'predictions'> {
  return { truth: truthOf(place), predictions: [...place.predictions] };
}
