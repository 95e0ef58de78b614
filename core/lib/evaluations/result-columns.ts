// The columns of a table of results: which results stand in one, what sets a column apart, which columns are parts of a group.
// Knows no files and no windows.
import {
  comparabilityKey,
  differencesOf,
  mayCompare,
  shortDifferences,
  UNNAMED_METRIC,
} from './comparability.ts';
import { grouped } from './grouped.ts';
import type { EvaluationResult } from './result.ts';
import { mainMetric, taskFacts } from './task-facts.ts';

export interface ResultColumn {
  readonly key: string;
  readonly task: string;
  readonly metric: string;
  readonly filter: string;
  readonly shots: number | null;
  /** What sets it apart from an earlier column of the same task; empty for the first. */
  readonly differs: readonly string[];
  readonly language: string | null;
  readonly chance: number | null;
  readonly higherIsBetter: boolean;
  /** A value that a harness formed over tasks. */
  readonly isGroup: boolean;
  /** The group whose part it is. */
  readonly partOf: string | null;
}

export interface ColumnResults<T extends EvaluationResult> {
  readonly column: ResultColumn;
  /** The first is what the column was made of. */
  readonly results: readonly T[];
}

export interface ColumnOptions {
  /** Every metric of a task, not only the one that reports quote. */
  readonly allMetrics?: boolean;
  /** Values that harnesses form over tasks. */
  readonly groups?: boolean;
  /**
   * `strict`: one column for each way of asking. `alike`: a result joins a column unless a known setting differs. Those that
   * `joins` says so of always join.
   */
  readonly join?: 'strict' | 'alike';
  readonly joins?: (result: EvaluationResult) => boolean;
}

export function resultColumns<T extends EvaluationResult>(
  results: readonly T[],
  options: ColumnOptions = {},
): readonly ColumnResults<T>[] {
  const { join = 'strict', joins = () => false } = options;
  const strict = [...grouped(select(results, options), comparabilityKey).values()];
  const own: T[][] = [];
  const guests: T[][] = [];
  for (const group of strict) {
    const [first] = group;
    if (first === undefined) continue;
    (join === 'alike' || joins(first) ? guests : own).push([...group]);
  }
  // What is known best comes first: others join it.
  for (const guest of guests.toSorted((a, b) => unknowns(a) - unknowns(b) || b.length - a.length)) {
    const host = hostOf(guest, own);
    if (host === null) own.push(guest);
    else host.push(...guest);
  }
  return described(own);
}

/** Of the columns it may stand in, the one about which most is known; of several of these, the one that is most alike. */
function hostOf<T extends EvaluationResult>(guest: readonly T[], columns: readonly T[][]): T[] | null {
  const [one] = guest;
  if (one === undefined) return null;
  const hosts = columns.flatMap((column) => {
    const [first] = column;
    if (first === undefined || first.task !== one.task) return [];
    const differences = differencesOf(first, one);
    return mayCompare(differences)
      ? [{ column, unknown: unknowns(column), differences: differences.length }]
      : [];
  });
  const [best] = hosts.toSorted((a, b) => a.unknown - b.unknown || a.differences - b.differences);
  return best?.column ?? null;
}

const unknowns = ([one]: readonly EvaluationResult[]): number =>
  one === undefined
    ? 0
    : [one.version, one.shots, one.harnessVersion].filter((part) => part === null).length +
      [one.chatTemplate, one.systemPrompt, one.limit, one.harness].filter((part) => part === 'unknown')
        .length;

function select<T extends EvaluationResult>(
  results: readonly T[],
  { allMetrics = false, groups = true }: ColumnOptions,
): readonly T[] {
  const main = new Map(
    [...grouped(results, ({ task }) => task)].map(([task, own]) => {
      const metrics = [...new Set(own.map(({ metric }) => metric))];
      return [task, mainMetric(task, metrics)];
    }),
  );
  return results.filter(
    ({ task, metric, isGroup }) =>
      (groups || !isGroup) && (allMetrics || main.get(task) === metric || metric === UNNAMED_METRIC),
  );
}

function described<T extends EvaluationResult>(groups: readonly T[][]): readonly ColumnResults<T>[] {
  const firsts = firstColumns(groups);
  const groupNames = new Set(
    groups.flatMap(([one]) => (one !== undefined && one.isGroup && isKnown(one.task) ? [one.task] : [])),
  );
  return groups.flatMap((results) => {
    const [one] = results;
    if (one === undefined) return [];
    const { task, metric, filter, shots, isGroup } = one;
    const first = firsts.get(task)?.[0] ?? one;
    const { language, chance } = taskFacts(task);
    const column = {
      key: comparabilityKey(one),
      task,
      metric,
      filter,
      shots,
      differs: first === one ? [] : shortDifferences(differencesOf(first, one)),
      language,
      chance: /^(acc|acc_norm|acc_bytes|pearson)$/.test(metric) ? chance : null,
      higherIsBetter: one.higherIsBetter ?? true,
      isGroup,
      partOf: groupOf(one, groupNames),
    };
    return [{ column, results }];
  });
}

/**
 * Of several ways to ask a task, the one that the others differ from: of the metric that reports quote, and of those the one that
 * most results share.
 */
function firstColumns<T extends EvaluationResult>(groups: readonly T[][]): ReadonlyMap<string, readonly T[]> {
  const firsts = new Map<string, readonly T[]>();
  const rank = (group: readonly T[]): number => {
    const [one] = group;
    if (one === undefined || one.metric === UNNAMED_METRIC) return 0;
    return one.metric === taskFacts(one.task).metric ? 2 : 1;
  };
  for (const group of groups) {
    const [one] = group;
    if (one === undefined) continue;
    const before = firsts.get(one.task);
    const isBetter =
      before === undefined ||
      rank(group) > rank(before) ||
      (rank(group) === rank(before) && group.length > before.length);
    if (isBetter) firsts.set(one.task, group);
  }
  return firsts;
}

/** `arc_it (acc_norm), 5-shot`: what it asks, and what sets it apart. */
export const columnTitle = ({
  task,
  metric,
  differs,
}: Pick<ResultColumn, 'task' | 'metric' | 'differs'>): string =>
  [
    `${task} (${metric === UNNAMED_METRIC ? 'metric unknown' : metric})`,
    ...differs.filter((difference) => !difference.startsWith('metric ')),
  ].join(', ');

const isKnown = (task: string): boolean => taskFacts(task).metric !== null;

/** The widest group that was formed counts. Where a source does not say it, `mmlu_anatomy` is a part of `mmlu`. */
function groupOf({ task, groups: above = [] }: EvaluationResult, groups: ReadonlySet<string>): string | null {
  if (above.length > 0) return above.findLast((name) => groups.has(name)) ?? null;
  if (!isKnown(task)) return null;
  for (let at = task.indexOf('_'); at !== -1; at = task.indexOf('_', at + 1)) {
    const name = task.slice(0, at);
    if (groups.has(name)) return name;
  }
  return null;
}
