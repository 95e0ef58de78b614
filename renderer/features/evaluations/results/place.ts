// Where one is in the leaderboard, as its link says: which models and tasks, in which order, against whom, which cell. Lists are repeated
// parameters, for names of models hold every other sign.
import { EVERYTHING, type LeaderboardChoice } from '../../../../core/lib/evaluations/leaderboard.ts';
import { currentRoute, href, navigate } from '../../../app/route.ts';

export const resultCharts = ['table', 'bars', 'radar'] as const;
export type ResultChart = (typeof resultCharts)[number];

export interface ResultsPlace {
  readonly choice: Omit<LeaderboardChoice, 'search'>;
  readonly join: 'strict' | 'alike';
  readonly allMetrics: boolean;
  /** Keys of rows of published tables that stand beside. */
  readonly references: readonly string[];
  readonly chart: ResultChart;
  /** Whose details are shown; `column` alone is not. */
  readonly cell: { readonly model: string; readonly column: string | null } | null;
}

export function readResultsPlace(query: URLSearchParams): ResultsPlace {
  const listOrAll = (name: string) => (query.has(name) ? query.getAll(name) : null);
  const [by, direction] = splitLast(query.get('sort') ?? '');
  const model = query.get('model');
  return {
    choice: {
      ...EVERYTHING,
      models: listOrAll('models'),
      hiddenModels: query.getAll('without'),
      tasks: listOrAll('tasks'),
      hiddenColumns: query.getAll('withoutColumn'),
      language: query.get('language'),
      byLanguage: query.get('group') === 'language',
      parts: query.get('parts') === 'groups' ? 'groups' : query.has('parts') ? 'all' : 'none',
      meanOver: query.get('means') === 'shared' ? 'shared' : 'all',
      pinnedModels: query.getAll('pin'),
      pinnedColumns: query.getAll('pinColumn'),
      baseline: query.get('baseline'),
      sort: by === '' ? null : { by, descending: direction === 'down' },
    },
    join: query.get('columns') === 'alike' ? 'alike' : 'strict',
    allMetrics: query.get('metrics') === 'all',
    references: query.getAll('beside'),
    chart: resultCharts.find((chart) => chart === query.get('chart')) ?? 'table',
    cell: model === null ? null : { model, column: query.get('column') },
  };
}

function splitLast(text: string): readonly [string, string] {
  const at = text.lastIndexOf(' ');
  return at === -1 ? [text, 'up'] : [text.slice(0, at), text.slice(at + 1)];
}

export function resultsHref(place: ResultsPlace): string {
  const { choice, join, allMetrics, references, chart, cell } = place;
  const query = new URLSearchParams();
  const add = (name: string, values: readonly string[] | null) => {
    for (const value of values ?? []) query.append(name, value);
  };
  const set = (name: string, value: string | null) => {
    if (value !== null) query.set(name, value);
  };
  add('models', choice.models);
  add('without', choice.hiddenModels);
  add('tasks', choice.tasks);
  add('withoutColumn', choice.hiddenColumns);
  add('pin', choice.pinnedModels);
  add('pinColumn', choice.pinnedColumns);
  add('beside', references);
  set('language', choice.language);
  set('group', choice.byLanguage ? 'language' : null);
  set('parts', choice.parts === 'none' ? null : choice.parts);
  set('means', choice.meanOver === 'all' ? null : choice.meanOver);
  set('baseline', choice.baseline);
  set('sort', choice.sort === null ? null : `${choice.sort.by} ${choice.sort.descending ? 'down' : 'up'}`);
  set('columns', join === 'alike' ? 'alike' : null);
  set('metrics', allMetrics ? 'all' : null);
  set('chart', chart === 'table' ? null : chart);
  set('model', cell?.model ?? null);
  set('column', cell?.column ?? null);
  const text = query.toString();
  return `${href('evaluations', 'results')}${text === '' ? '' : `?${text}`}`;
}

export interface PlaceChange extends Partial<Omit<ResultsPlace, 'choice'>> {
  readonly choice?: Partial<ResultsPlace['choice']>;
}

/** Of the leaderboard when it was seen last, so that one comes back to it as it was. */
let lastQuery = new URLSearchParams();

export function rememberQuery(query: URLSearchParams): void {
  lastQuery = query;
}

export const rememberedReferences = (): readonly string[] => readResultsPlace(lastQuery).references;

/** The link after a change of where one is now, or was last. */
export function changedHref({ choice = {}, ...change }: PlaceChange): string {
  const route = currentRoute();
  const isHere = route?.view === 'evaluations' && route.argument === 'results';
  const now = readResultsPlace(isHere ? route.query : lastQuery);
  return resultsHref({ ...now, ...change, choice: { ...now.choice, ...choice } });
}

/** Changes a part of where one is, without a step in the history. */
export function moveInResults(change: PlaceChange): void {
  navigate(changedHref(change), { replace: true });
}

export const toggled = (list: readonly string[], value: string): readonly string[] =>
  list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
