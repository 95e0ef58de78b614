// Where one is in evaluations, as links say it: which lines and tasks, which two models, which question.
import { currentRoute, href, navigate } from '../../../app/route.ts';

export interface ProgressPlace {
  /** Ids of series; null for those that are shown first. */
  readonly series: readonly string[] | null;
  /** Null for all that the series have. */
  readonly tasks: readonly string[] | null;
  /** Keys of models that stand still. */
  readonly levels: readonly string[];
  readonly x: 'steps' | 'tokens';
  readonly layout: 'tasks' | 'one';
  readonly allMetrics: boolean;
  /** Two points that are compared: keys of models, and the task they are of. */
  readonly from: string | null;
  readonly to: string | null;
  readonly task: string | null;
}

export function readProgressPlace(query: URLSearchParams): ProgressPlace {
  return {
    series: listOf(query, 'series'),
    tasks: listOf(query, 'tasks'),
    levels: listOf(query, 'levels') ?? [],
    x: query.get('x') === 'tokens' ? 'tokens' : 'steps',
    layout: query.get('layout') === 'one' ? 'one' : 'tasks',
    allMetrics: query.get('metrics') === 'all',
    from: query.get('from'),
    to: query.get('to'),
    task: query.get('task'),
  };
}

export function progressHref(place: Partial<ProgressPlace>): string {
  const { series, tasks, levels = [], x, layout, allMetrics, from, to, task } = place;
  return href('evaluations', 'progress', {
    ...(series ? { series: JSON.stringify(series) } : {}),
    ...(tasks ? { tasks: JSON.stringify(tasks) } : {}),
    ...(levels.length > 0 ? { levels: JSON.stringify(levels) } : {}),
    ...(x === 'tokens' ? { x } : {}),
    ...(layout === 'one' ? { layout } : {}),
    ...(allMetrics ? { metrics: 'all' } : {}),
    ...(task ? { task } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  });
}

/** Changes a part of where one is, without a step in the history. */
export function moveInProgress(change: Partial<ProgressPlace>): void {
  const now = readProgressPlace(currentRoute()?.query ?? new URLSearchParams());
  navigate(progressHref({ ...now, ...change }), { replace: true });
}

/** A list as JSON; names of models may hold commas. A list that was typed by hand is split at commas. */
function listOf(query: URLSearchParams, name: string): readonly string[] | null {
  const text = query.get(name);
  if (text === null) return null;
  if (!text.startsWith('[')) return text.split(',').filter((part) => part !== '');
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter((one) => typeof one === 'string') : null;
  } catch {
    return null;
  }
}

/** A link to two models, task by task. */
export function compareHref(first: string, second: string): string {
  return href('evaluations', 'compare', { first, second });
}

/** A link to the questions of a task. */
export function questionsHref(place: {
  readonly model: string;
  readonly with?: string | null;
  readonly task: string;
  readonly metric?: string;
  readonly filter?: string;
  readonly show?: string;
}): string {
  const { model, task, metric, filter, show } = place;
  return href('evaluations', 'questions', {
    model,
    ...(place.with ? { with: place.with } : {}),
    task,
    ...(metric === undefined ? {} : { metric }),
    ...(filter === undefined || filter === 'none' ? {} : { filter }),
    ...(show === undefined ? {} : { show }),
  });
}
