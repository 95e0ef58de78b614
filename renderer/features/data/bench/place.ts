// What is compared and which figure is shown, as a link says it: `?view=bench&with=a&with=b&truth=…&show=classes&only=class 3 2`. Pure.
import type { BenchRequest } from '../../../../core/api/judge-bench.ts';
import {
  choiceText,
  type DocumentChoice,
  readChoice,
} from '../../../../core/lib/judge-bench/document-choice.ts';
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
  /** Which of them, or which of all where no cell is chosen. */
  readonly only: DocumentChoice | null;
}

/** The documents that a click shows: those of a source, of a language, of a choice, in whatever combination. */
export type PlaceOfDocuments = Pick<BenchPlace, 'source' | 'language' | 'only'>;

export const NO_DOCUMENTS: PlaceOfDocuments = { source: null, language: null, only: null };

export function readBenchPlace(path: string, query: URLSearchParams): BenchPlace {
  const predictions = query.getAll('with');
  return {
    path,
    truth: query.get('truth'),
    predictions: predictions.length === 0 ? [path] : predictions,
    show: benchViews.find((view) => view === query.get('show')) ?? 'spearman',
    source: query.get('source'),
    language: query.get('language'),
    only: readChoice(query.get('only')),
  };
}

export function benchHref(place: BenchPlace): string {
  const { path, truth, predictions, show, source, language, only } = place;
  const link = href('data', path, {
    view: 'bench',
    ...(truth === null ? {} : { truth }),
    ...(show === 'spearman' ? {} : { show }),
    ...(source === null ? {} : { source }),
    ...(language === null ? {} : { language }),
    ...(only === null ? {} : { only: choiceText(only) }),
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
